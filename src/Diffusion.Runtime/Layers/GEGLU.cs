using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>A linear layer to twice the width, one half of which gates the other by GELU (Shazeer 2020, arXiv:2002.05202): <c>[…, in]</c> to <c>[…, out]</c>.</summary>
internal sealed class GEGLU : Layer
{
    private readonly Linear _proj;

    public GEGLU(long inFeatures, long outFeatures, LayerOptions options)
        : base(nameof(GEGLU)) => register_module("proj", _proj = new Linear(inFeatures, 2 * outFeatures, options));

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _proj.RunGated(input);
}
