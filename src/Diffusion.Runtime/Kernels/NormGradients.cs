namespace Diffusion.Runtime.Kernels;

/// <summary>Where the tensors of one group's backward pass begin, as <see cref="NormSilu.Backward"/> names them.</summary>
internal unsafe ref struct NormGradients
{
    /// <summary>The input <c>[channels, pixels]</c>, scale and shift <c>[channels]</c>.</summary>
    public float* X, Scale, Shift;

    /// <summary>The gradient that comes in, <c>[channels, pixels]</c>.</summary>
    public float* OutputGradient;

    /// <summary>The gradients that go out: <c>[channels, pixels]</c>, and this group's share of <c>[channels]</c>.</summary>
    public float* InputGradient, ScaleGradient, ShiftGradient;

    /// <summary>What the forward pass gave.</summary>
    public float Mean, InverseDeviation;
}
