namespace Diffusion.Runtime.Kernels;

/// <summary>Where the tensors of one head's backward pass begin. Fields are as <see cref="HeadAttention.Backward"/> names them.</summary>
internal unsafe ref struct HeadGradients
{
    /// <summary>Inputs of the forward pass.</summary>
    public float* Q, K, V;

    /// <summary>Its results.</summary>
    public float* O, LogSums;

    /// <summary>The gradient that comes in.</summary>
    public float* OutputGradient;

    /// <summary>The gradients that go out.</summary>
    public float* QueryGradient, KeyGradient, ValueGradient;
}
