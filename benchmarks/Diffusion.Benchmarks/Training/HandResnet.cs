using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Benchmarks.Training;

/// <summary>The residual block as one writes it with TorchSharp's modules.</summary>
internal sealed class HandResnet : nn.Module<Tensor, Tensor, Tensor>
{
    private const long TimeChannels = 128;
    private readonly GroupNorm _norm1;
    private readonly Conv2d _conv1;
    private readonly Linear _time;
    private readonly GroupNorm _norm2;
    private readonly Conv2d _conv2;
    private readonly Conv2d? _shortcut;

    public HandResnet(long channels, long outChannels)
        : base(nameof(HandResnet))
    {
        register_module("norm1", _norm1 = nn.GroupNorm(32, channels));
        register_module("conv1", _conv1 = nn.Conv2d(channels, outChannels, 3, padding: 1));
        register_module("time_emb_proj", _time = nn.Linear(TimeChannels, outChannels));
        register_module("norm2", _norm2 = nn.GroupNorm(32, outChannels));
        register_module("conv2", _conv2 = nn.Conv2d(outChannels, outChannels, 3, padding: 1));
        if (channels != outChannels)
        {
            register_module("conv_shortcut", _shortcut = nn.Conv2d(channels, outChannels, 1));
        }
    }

    // x: [N, C, H, W]; time: [N, dim], activated
    public override Tensor forward(Tensor x, Tensor time)
    {
        var hidden = _conv1.call(F.silu(_norm1.call(x)));
        hidden = hidden + _time.call(time).unsqueeze(-1).unsqueeze(-1);
        hidden = _conv2.call(F.silu(_norm2.call(hidden)));
        return hidden + (_shortcut is null ? x : _shortcut.call(x));
    }

    // Parts are registered above, under the names of the checkpoint.
    protected override void RegisterComponents()
    {
    }
}
