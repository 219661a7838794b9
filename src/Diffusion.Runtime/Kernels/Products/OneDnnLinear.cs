using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels.Products;

/// <summary>A linear map by oneDNN, float32 or bfloat16.</summary>
internal sealed class OneDnnLinear : ILinearKernel
{
    private readonly Tensor _packed;

    /// <param name="weight">W, <c>[out, in]</c>; read, not kept.</param>
    public OneDnnLinear(Tensor weight) => _packed = OneDnn.PackLinear(weight).DetachFromDisposeScope();

    /// <inheritdoc/>
    public Tensor Run(Tensor input, Tensor? bias, Tensor? added) => OneDnn.Linear(input, _packed, bias, added);

    /// <inheritdoc/>
    public Tensor RunGated(Tensor input, Tensor? bias)
    {
        using var wide = Run(input, bias, added: null);

        return HalfGate.Run(wide);
    }

    /// <inheritdoc/>
    public Tensor Weight() => OneDnn.Plain(_packed);

    /// <inheritdoc/>
    public void Dispose() => _packed.Dispose();
}
