using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Training;

/// <summary>Resnets, attention after each or nowhere, and a convolution that changes the size or nothing: one block of the U-Net, in the names of its checkpoint.</summary>
internal sealed class HandBlock : nn.Module
{
    private readonly HandResnet[] _resnets;
    private readonly HandAttention[] _attentions;

    public HandBlock((long In, long Out)[] resnets, int attentions, string? resampler = null)
        : base(nameof(HandBlock))
    {
        _resnets = [.. resnets.Select(channels => new HandResnet(channels.In, channels.Out))];
        _attentions = [.. Enumerable.Range(0, attentions).Select(_ => new HandAttention(resnets[0].Out))];
        register_module("resnets", new ModuleList<HandResnet>(_resnets));
        register_module("attentions", new ModuleList<HandAttention>(_attentions));
        if (resampler is not null)
        {
            Resampler = nn.Conv2d(resnets[0].Out, resnets[0].Out, 3, stride: resampler == "downsamplers" ? 2 : 1, padding: 1);
            register_module(resampler, new ModuleList<HandResampler>(new HandResampler(Resampler)));
        }
    }

    public int Count => _resnets.Length;

    public Conv2d? Resampler { get; }

    public Tensor Resnet(int index, Tensor x, Tensor time) => _resnets[index].call(x, time);

    public Tensor Attend(int index, Tensor x) => index < _attentions.Length ? _attentions[index].call(x) : x;

    // Parts are registered above, under the names of the checkpoint.
    protected override void RegisterComponents()
    {
    }

    private sealed class HandResampler : nn.Module
    {
        public HandResampler(Conv2d conv)
            : base(nameof(HandResampler)) => register_module("conv", conv);

        protected override void RegisterComponents()
        {
        }
    }
}
