namespace Diffusion.Dsl;

/// <summary>The activations of CLIP's towers, as <c>hidden_act</c> names them.</summary>
public static class ClipActivations
{
    /// <summary>x · sigmoid(1.702 x), an approximation of <see cref="Gelu"/>: OpenAI's models.</summary>
    public const string QuickGelu = "quick_gelu";

    /// <summary>x · Φ(x), by the error function: OpenCLIP's models.</summary>
    public const string Gelu = "gelu";

    /// <summary>All of them.</summary>
    public static EquatableArray<string> All { get; } = EquatableArray.Of(QuickGelu, Gelu);
}
