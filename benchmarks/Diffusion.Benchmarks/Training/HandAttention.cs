using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Benchmarks.Training;

/// <summary>Self-attention over pixels as one writes it with TorchSharp's modules.</summary>
internal sealed class HandAttention : nn.Module<Tensor, Tensor>
{
    private const long HeadChannels = 8;
    private readonly GroupNorm _norm;
    private readonly Linear _toQ;
    private readonly Linear _toK;
    private readonly Linear _toV;
    private readonly Linear _toOut;

    public HandAttention(long channels)
        : base(nameof(HandAttention))
    {
        register_module("group_norm", _norm = nn.GroupNorm(32, channels));
        register_module("to_q", _toQ = nn.Linear(channels, channels));
        register_module("to_k", _toK = nn.Linear(channels, channels));
        register_module("to_v", _toV = nn.Linear(channels, channels));
        register_module("to_out", new ModuleList<Linear>(_toOut = nn.Linear(channels, channels)));
    }

    // [N, C, H, W]
    public override Tensor forward(Tensor x)
    {
        var shape = x.shape;
        var tokens = _norm.call(x).view(shape[0], shape[1], -1).transpose(1, 2);
        var mixed = F.scaled_dot_product_attention(Heads(_toQ.call(tokens)), Heads(_toK.call(tokens)), Heads(_toV.call(tokens)));
        mixed = _toOut.call(mixed.transpose(1, 2).reshape(shape[0], -1, shape[1]));
        return mixed.transpose(1, 2).reshape(shape) + x;
    }

    // Parts are registered above, under the names of the checkpoint.
    protected override void RegisterComponents()
    {
    }

    private static Tensor Heads(Tensor tokens) => tokens.view(tokens.shape[0], tokens.shape[1], -1, HeadChannels).transpose(1, 2);
}
