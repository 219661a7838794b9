using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Conv2d = Diffusion.Runtime.Layers.Conv2d;
using Device = TorchSharp.torch.Device;
using Embedding = Diffusion.Runtime.Layers.Embedding;
using GroupNorm = Diffusion.Runtime.Layers.GroupNorm;

namespace Diffusion.Runtime.Models;

/// <summary>
/// The U-Net of DDPM (Ho et al. 2020, arXiv:2006.11239) as diffusers builds it: predicts from a noisy sample <c>[N, C, H, W]</c> and its timestep
/// the noise, the clean sample or the velocity, <c>[N, C′, H, W]</c>, whichever it was trained to. Parameters have the names of diffusers'
/// state dicts. Parity target: <c>UNet2DModel</c> of diffusers 0.30.3.
/// </summary>
/// <remarks>
/// Trainable with autograd. Where no gradient is recorded (<c>torch.no_grad</c>) intermediate tensors are reused in place. Height and width may
/// be any numbers that the downsampling leaves at least 1 of; sizes that do not halve evenly are restored from the skips.
/// </remarks>
public sealed partial class UNet2DModel : nn.Module<Tensor, Tensor, Tensor?, Tensor>
{
    private readonly Conv2d _convIn;
    private readonly nn.Module<Tensor, Tensor>? _timeProj;
    private readonly TimestepEmbedding? _timeEmbedding;
    private readonly nn.Module<Tensor, Tensor>? _classEmbedding;
    private readonly UNet2DDownBlock[] _downBlocks;
    private readonly UNetMidBlock2D _midBlock;
    private readonly UNet2DUpBlock[] _upBlocks;
    private readonly GroupNorm? _convNormOut;
    private readonly Activation _convAct;
    private readonly Conv2d _convOut;
    private readonly Activation _timeAct;

    private UNet2DModel(UNet2DConfig config, LayerOptions options)
        : base(nameof(UNet2DModel))
    {
        Config = config;
        var channels = config.BlockOutChannels.ToArray();
        var timeInput = config.TimeEmbeddingType == "fourier" ? 2 * channels[0] : channels[0];

        // Made in diffusers' order, so that a seed gives the same values; registered in its order of printing (the middle after the way up).
        register_module("conv_in", _convIn = new Conv2d(config.InChannels, channels[0], kernel: 3, stride: 1, padding: 1, options));
        if (config.TimeConditioning)
        {
            register_module("time_proj", _timeProj = config.TimeEmbeddingType switch
            {
                "fourier" => new GaussianFourierProjection(channels[0], scale: 16, options),
                "learned" => new Embedding(config.NumTrainTimesteps!.Value, channels[0], options),
                _ => new Layers.Timesteps(channels[0], config.FlipSinToCos, config.FreqShift),
            });
            register_module("time_embedding", _timeEmbedding = new TimestepEmbedding(timeInput, config.TimeEmbedDim, options));
        }

        _classEmbedding = config.ClassEmbedType switch
        {
            null when config.NumClassEmbeds is { } count => new Embedding(count, config.TimeEmbedDim, options),
            "timestep" => new TimestepEmbedding(timeInput, config.TimeEmbedDim, options),
            "identity" => new Layers.Identity(),
            _ => null,
        };
        if (_classEmbedding is not null)
            register_module("class_embedding", _classEmbedding);

        _downBlocks = [.. config.DownBlockTypes.Select((name, i) =>
            UNet2DBlocks.Down(name, new UNet2DLevel(config, channels[Math.Max(i - 1, 0)], channels[i], 0, Resamples: i < channels.Length - 1), options))];
        _midBlock = UNetMidBlock2D.Of(config, options);
        var coarse = channels.Reverse().ToArray();
        _upBlocks = [.. config.UpBlockTypes.Select((name, i) => UNet2DBlocks.Up(
            name,
            new UNet2DLevel(config, coarse[Math.Min(i + 1, coarse.Length - 1)], coarse[i], coarse[Math.Max(i - 1, 0)], Resamples: i < coarse.Length - 1),
            options))];
        register_module("down_blocks", new ModuleList<UNet2DDownBlock>(_downBlocks));
        register_module("up_blocks", new ModuleList<UNet2DUpBlock>(_upBlocks));
        register_module("mid_block", _midBlock);
        if (config.GroupNorms)
            register_module("conv_norm_out", _convNormOut = new GroupNorm(config.NormNumGroups ?? UNet2DLevel.SkipGroups(channels[0]), channels[0], config.NormEps, options));
        register_module("conv_act", _convAct = Activation.Named("silu"));
        register_module("conv_out", _convOut = new Conv2d(channels[0], config.OutChannels, kernel: 3, stride: 1, padding: 1, options));
        _timeAct = Activation.Named(config.ActFn);
    }

    /// <summary>The configuration the model was built from.</summary>
    public UNet2DConfig Config { get; }

    /// <summary>The type of the parameters, which samples must have too.</summary>
    public ScalarType DType => _convIn.Weight.dtype;

    /// <summary>The device of the parameters, where samples must be too.</summary>
    public Device Device => _convIn.Weight.device;

    /// <summary>
    /// Whether resnets and attentions run again in the backward pass instead of keeping their activations: less memory for about a third more
    /// time, the same gradients. Second derivatives are not recorded then.
    /// </summary>
    public bool CheckpointGradients { get; set; }

    /// <summary>How many heads of each attention are computed at a time, of all samples together; null: all. Predictions stay the same up to rounding. Set it before other threads predict.</summary>
    /// <exception cref="DiffusionException">DIF0470: an attention has fewer heads than a slice.</exception>
    public Slicing? AttentionSlicing
    {
        get;
        set => AttentionSlices.Set(this, field = AttentionSlices.Checked(this, value));
    }

    /// <summary>A model with PyTorch's default initial values, the same that Python draws after <c>torch.manual_seed(seed)</c>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">Seeds the generator of the initial values.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <exception cref="DiffusionException">DIF0401 to DIF0407: everything that is wrong with the configuration.</exception>
    public static UNet2DModel FromConfig(UNet2DConfig config, long seed = 0, ScalarType? dtype = null, Device? device = null) =>
        FromConfig(config, LayerOptions.Seeded(seed, dtype, device));

    /// <summary>A model whose parameters are made as <paramref name="options"/> say: unset for loading, or shapes alone to count and print.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">How the parameters are made.</param>
    /// <exception cref="DiffusionException">DIF0401 to DIF0407: everything that is wrong with the configuration.</exception>
    public static UNet2DModel FromConfig(UNet2DConfig config, LayerOptions options)
    {
        var findings = config.Validate();

        return findings.IsEmpty ? new UNet2DModel(config, options) : throw new DiffusionException(findings);
    }

    /// <summary>One prediction.</summary>
    /// <param name="sample">The noisy sample, <c>[N, C, H, W]</c>, of the parameters' type and device.</param>
    /// <param name="timestep">The timestep, <c>[]</c> or <c>[N]</c>, whole or fractional; σ with a fourier embedding, an index (int64) with a learned one.</param>
    /// <param name="classLabels">With class conditioning: <c>[N]</c> (int64), or embeddings <c>[N, dim]</c> where the configuration says <c>identity</c>; else null.</param>
    /// <returns>The prediction, <c>[N, C′, H, W]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: a tensor has the wrong shape. DIF0411: class labels are missing, or not taken. DIF0412: an index is outside its table.</exception>
    public override Tensor forward(Tensor sample, Tensor timestep, Tensor? classLabels = null) => Forward(sample, timestep, classLabels, CancellationToken.None);

    /// <summary>The same, to be cancelled before any of its resnets; some self-attentions may be switched off.</summary>
    internal Tensor Forward(Tensor sample, Tensor timestep, Tensor? classLabels, CancellationToken cancellation, TextCondition? perturbed = null)
    {
        CheckSample(sample);
        using var scope = NewDisposeScope();
        var timesteps = PerSample(timestep, sample.Sizes()[0], Device);
        var time = Embed(timesteps, classLabels, sample.Sizes()[0]) is { } embedding ? new EmbeddedTime(_timeAct.Consume(embedding)) : null;

        return Run(sample, time, timesteps, cancellation, perturbed).MoveToOuterDisposeScope();
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    // timesteps: [N] or [1]
    private Tensor Run(Tensor sample, TimeCondition? time, Tensor timesteps, CancellationToken cancellation, TextCondition? perturbed)
    {
        if (Config.CenterInputSample)
            sample = Arithmetic.Plus(Arithmetic.Times(sample, 2), -1);

        var state = new UNet2DState(_convIn.call(sample), time, sample, CheckpointGradients && is_grad_enabled()) { Cancellation = cancellation, Text = perturbed };
        foreach (var block in _downBlocks)
            block.call(state);
        _midBlock.call(state);
        state.Image = null;
        foreach (var block in _upBlocks)
            block.call(state);

        var output = _convOut.call(_convNormOut is null ? _convAct.Consume(state.Hidden) : _convAct.OfNorm(_convNormOut, state.Hidden));
        if (state.Image is not null)
            output = Residual.Add(output, state.Image, scale: 1);
        output = output.contiguous();

        return Config is { TimeEmbeddingType: "fourier", TimeConditioning: true } ? output / timesteps.to(output.dtype).view(-1, 1, 1, 1) : output;
    }

    // The embedding before the activation that every resnet would apply: [N, dim]; null without conditioning on time.
    private Tensor? Embed(Tensor timesteps, Tensor? classLabels, long samples)
    {
        if (_classEmbedding is null != classLabels is null)
        {
            throw _classEmbedding is null
                ? Rules.ClassLabels.Error("given", "has no classes", "leave them out")
                : Rules.ClassLabels.Error("missing", "is conditioned on classes", "give one label for each sample");
        }

        if (_timeProj is null || _timeEmbedding is null)
            return null;

        var embedding = _timeEmbedding.call(_timeProj.call(TimeInput(timesteps)).to(DType));
        if (_classEmbedding is null)
            return embedding;

        CheckLabels(classLabels!, samples);
        var labels = Config.ClassEmbedType == "timestep" ? _timeProj.call(TimeInput(classLabels!)).to(DType) : classLabels!;

        return Arithmetic.Plus(embedding, _classEmbedding.call(labels).to(DType));
    }
}
