namespace Diffusion.Dsl;

/// <summary>What is done to x̂_0 to keep it in range. A closed family.</summary>
public abstract record Clamp
{
    private protected Clamp()
    {
    }

    /// <summary>Nothing.</summary>
    public static Clamp None { get; } = new NoClamp();

    /// <summary>x̂_0 cut to [−limit, limit] (diffusers' <c>clip_sample</c>, <c>clip_sample_range</c>).</summary>
    /// <param name="limit">Above 0; 1 for images in [−1, 1].</param>
    public static Clamp Range(double limit = 1) => new RangeClamp(limit);

    /// <summary>Dynamic thresholding of Imagen (arXiv:2205.11487, section 2.3; diffusers' <c>thresholding</c>).</summary>
    /// <param name="ratio">The quantile of |x̂_0| of each image, in (0, 1].</param>
    /// <param name="maxValue">The largest threshold, at least 1.</param>
    public static Clamp Dynamic(double ratio = 0.995, double maxValue = 1) => new DynamicThreshold(ratio, maxValue);
}
