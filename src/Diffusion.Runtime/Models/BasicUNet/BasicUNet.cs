using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Conv2d = Diffusion.Runtime.Layers.Conv2d;
using MaxPool2d = Diffusion.Runtime.Layers.MaxPool2d;
using SiLU = Diffusion.Runtime.Layers.SiLU;
using Upsample = Diffusion.Runtime.Layers.Upsample;

namespace Diffusion.Runtime.Models;

/// <summary>
/// The first network of the Hugging Face diffusion course (unit 1, "from scratch"): three convolutions of 5 x 5 down, three up, sums instead of
/// concatenation for the skips, and no timestep. It predicts the clean picture from a corrupted one; 309,057 parameters for one channel.
/// </summary>
/// <remarks>
/// The last operation is SiLU too, as in the course, so no output is below <see cref="LeastOutput"/>: the network can learn pictures in [0, 1]
/// but no noise, half of which is negative (<see cref="Check"/>). Trainable with autograd.
/// </remarks>
public sealed partial class BasicUNet : nn.Module<Tensor, Tensor>
{
    /// <summary>The least value of x · sigmoid(x), at x = −1.27846: what a network that ends in SiLU can give at least.</summary>
    public const double LeastOutput = -0.27846454276107379;

    private readonly Conv2d[] downLayers;
    private readonly Conv2d[] upLayers;
    private readonly SiLU act = new();
    private readonly MaxPool2d downscale = new();
    private readonly Upsample upscale = new();

    private BasicUNet(int inChannels, int outChannels, LayerOptions options)
        : base(nameof(BasicUNet))
    {
        downLayers = [Layer(inChannels, 32), Layer(32, 64), Layer(64, 64)];
        upLayers = [Layer(64, 64), Layer(64, 32), Layer(32, outChannels)];
        register_module("down_layers", new ModuleList<Conv2d>(downLayers));
        register_module("up_layers", new ModuleList<Conv2d>(upLayers));
        register_module("act", act);
        register_module("downscale", downscale);
        register_module("upscale", upscale);

        Conv2d Layer(int from, int to) => new(from, to, kernel: 5, stride: 1, padding: 2, options);
    }

    /// <summary>C, the channels of what goes in.</summary>
    public int InChannels => (int)downLayers[0].InChannels;

    /// <summary>C′, the channels of what comes out.</summary>
    public int OutChannels => (int)upLayers[^1].OutChannels;

    /// <summary>An untrained network with PyTorch's default initial values, the same that Python draws after <c>torch.manual_seed(seed)</c>.</summary>
    /// <param name="seed">Seeds the initial values.</param>
    /// <param name="inChannels">C, at least 1.</param>
    /// <param name="outChannels">C′, at least 1.</param>
    /// <exception cref="DiffusionException">DIF0405: a number of channels is below 1.</exception>
    public static BasicUNet Untrained(long seed = 0, int inChannels = 1, int outChannels = 1) =>
        Create(LayerOptions.Seeded(seed), inChannels, outChannels);

    /// <summary>A network whose parameters are made as <paramref name="options"/> say: unset for loading, or shapes alone to count and print.</summary>
    /// <param name="options">How the parameters are made.</param>
    /// <param name="inChannels">C, at least 1.</param>
    /// <param name="outChannels">C′, at least 1.</param>
    /// <exception cref="DiffusionException">DIF0405: a number of channels is below 1.</exception>
    public static BasicUNet Create(LayerOptions options, int inChannels = 1, int outChannels = 1)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (inChannels < 1)
            throw Rules.ConfigOutOfRange.Error("in_channels", inChannels, "1 or more");
        if (outChannels < 1)
            throw Rules.ConfigOutOfRange.Error("out_channels", outChannels, "1 or more");

        return new BasicUNet(inChannels, outChannels, options);
    }

    /// <summary>Whether this network can learn an objective at all; empty if it can.</summary>
    /// <param name="objective">What is to be learnt.</param>
    /// <param name="leastData">The least value of the pictures: 0 in the course.</param>
    /// <returns>DIF0224, a warning, where the target has values below <see cref="LeastOutput"/>.</returns>
    public IReadOnlyList<Finding> Check(Objective objective, double leastData = 0)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return objective.CheckRange(nameof(BasicUNet), Math.Round(LeastOutput, 4), leastData);
    }

    /// <summary>The clean picture as the network sees it.</summary>
    /// <param name="input"><c>[N, C, H, W]</c> of the parameters' type and device; H and W multiples of 4.</param>
    /// <returns><c>[N, C′, H, W]</c>, at least <see cref="LeastOutput"/>.</returns>
    /// <exception cref="DiffusionException">DIF0410: another shape.</exception>
    public override Tensor forward(Tensor input)
    {
        CheckInput(input);
        using var scope = NewDisposeScope();
        var first = act.Consume(downLayers[0].call(input));
        var second = act.Consume(downLayers[1].call(downscale.call(first)));
        var hidden = act.Consume(downLayers[2].call(downscale.call(second)));
        hidden = act.Consume(upLayers[0].call(hidden));
        hidden = act.Consume(upLayers[1].call(Arithmetic.AddInto(upscale.call(hidden), second)));
        hidden = act.Consume(upLayers[2].call(Arithmetic.AddInto(upscale.call(hidden), first)));
        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    private void CheckInput(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var shape = "[" + string.Join(", ", input.Sizes()) + "]";
        if (input.dim() != 4 || input.Sizes()[1] != InChannels || input.Sizes()[2] == 0 || input.Sizes()[3] == 0)
            throw Rules.InputShape.Error("the picture", shape, nameof(BasicUNet), FormattableString.Invariant($"[N, {InChannels}, H, W]"), FormattableString.Invariant($"give pictures with {InChannels} channels"));

        if (input.Sizes()[2] % 4 != 0 || input.Sizes()[3] % 4 != 0)
            throw Rules.InputShape.Error("the picture", shape, nameof(BasicUNet), "heights and widths that halve evenly twice", "pad or crop to multiples of 4");
    }
}
