using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>A linear layer to twice the width, one half of which gates the other by GELU (Shazeer 2020, arXiv:2002.05202): <c>[…, in]</c> to <c>[…, out]</c>.</summary>
internal sealed class GEGLU : Layer
{
    private readonly Linear _proj;

    public GEGLU(long inFeatures, long outFeatures, LayerOptions options)
        : base(nameof(GEGLU)) => register_module("proj", _proj = new Linear(inFeatures, 2 * outFeatures, options));

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var halves = _proj.call(input).chunk(2, -1);
        var gate = F.gelu(halves[1]);

        return (is_grad_enabled() ? halves[0] * gate : gate.mul_(halves[0])).MoveToOuterDisposeScope();
    }
}
