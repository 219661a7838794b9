namespace Diffusion.Dsl;

/// <summary>The optimisers by their short names, for <c>using static Diffusion.Dsl.Optimizers</c> in C# and <c>open type</c> in F#.</summary>
public static class Optimizers
{
    /// <inheritdoc cref="AdamWOptimizer"/>
    /// <param name="rate">The peak learning rate, above 0; 1e-4 is usual.</param>
    /// <param name="weightDecay">λ, at least 0.</param>
    public static AdamWOptimizer AdamW(double rate, double weightDecay = 0.01) => new(rate, weightDecay);

    /// <inheritdoc cref="AdamOptimizer"/>
    /// <param name="rate">The peak learning rate, above 0; 1e-3 is usual.</param>
    public static AdamOptimizer Adam(double rate) => new(rate);
}
