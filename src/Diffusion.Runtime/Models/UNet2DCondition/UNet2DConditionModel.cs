using System;
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
/// The U-Net of Stable Diffusion (Rombach et al. 2022, arXiv:2112.10752) as diffusers builds it: predicts from noisy latents <c>[N, C, H, W]</c>, their
/// timestep and a text the noise or the velocity, <c>[N, C′, H, W]</c>, whichever it was trained to. Time enters every resnet, text every second attention.
/// Parameters have the names of diffusers' state dicts. Parity target: <c>UNet2DConditionModel</c> of diffusers 0.30.3.
/// </summary>
/// <remarks>
/// Trainable with autograd. Where no gradient is recorded (<c>torch.no_grad</c>) intermediate tensors are reused in place. Height and width may be any
/// numbers; sizes that do not halve evenly are restored from the skips.
/// </remarks>
public sealed partial class UNet2DConditionModel : nn.Module<Tensor, Tensor, UNet2DCondition, Tensor>
{
    private readonly Conv2d _convIn;
    private readonly Layers.Timesteps _timeProj;
    private readonly TimestepEmbedding _timeEmbedding;
    private readonly nn.Module<Tensor, Tensor>? _classEmbedding;
    private readonly Layers.Timesteps? _addTimeProj;
    private readonly TimestepEmbedding? _addEmbedding;
    private readonly UNet2DConditionDownBlock[] _downBlocks;
    private readonly UNet2DConditionMidBlock? _midBlock;
    private readonly UNet2DConditionUpBlock[] _upBlocks;
    private readonly GroupNorm _convNormOut;
    private readonly Activation _convAct;
    private readonly Conv2d _convOut;
    private readonly Activation _timeAct;

    private UNet2DConditionModel(UNet2DConditionConfig config, LayerOptions options)
        : base(nameof(UNet2DConditionModel))
    {
        Config = config;
        var channels = config.BlockOutChannels;

        // Made in diffusers' order, so that a seed gives the same values; registered in its order of printing (the middle after the way up).
        register_module("conv_in", _convIn = new Conv2d(config.InChannels, channels[0], config.ConvInKernel, stride: 1, (config.ConvInKernel - 1) / 2, options));
        register_module("time_proj", _timeProj = new Layers.Timesteps(channels[0], config.FlipSinToCos, config.FreqShift));
        register_module("time_embedding", _timeEmbedding = new TimestepEmbedding(channels[0], config.TimeEmbedDim, options, config.TimeCondProjDim));
        _classEmbedding = config.ClassEmbedType switch
        {
            null when config.NumClassEmbeds is { } count => new Embedding(count, config.TimeEmbedDim, options),
            "timestep" => new TimestepEmbedding(channels[0], config.TimeEmbedDim, options),
            "projection" => new TimestepEmbedding(config.ProjectionClassEmbeddingsInputDim!.Value, config.TimeEmbedDim, options),
            "identity" => new Layers.Identity(),
            _ => null,
        };
        if (_classEmbedding is not null)
            register_module("class_embedding", _classEmbedding);
        if (config.AdditionEmbedType == "text_time")
        {
            register_module("add_time_proj", _addTimeProj = new Layers.Timesteps(config.AdditionTimeEmbedDim!.Value, config.FlipSinToCos, config.FreqShift));
            register_module("add_embedding", _addEmbedding = new TimestepEmbedding(config.ProjectionClassEmbeddingsInputDim!.Value, config.TimeEmbedDim, options));
        }

        var levels = UNet2DConditionLevel.Down(config);
        _downBlocks = [.. levels.Select((level, i) => new UNet2DConditionDownBlock(config.DownBlockTypes[i], level, options))];
        _midBlock = config.MidBlockType is { } mid ? new UNet2DConditionMidBlock(mid, levels[^1], options) : null;
        _upBlocks = [.. UNet2DConditionLevel.Up(config).Select((level, i) => new UNet2DConditionUpBlock(config.UpBlockTypes[i], level, options))];
        register_module("down_blocks", new ModuleList<UNet2DConditionDownBlock>(_downBlocks));
        register_module("up_blocks", new ModuleList<UNet2DConditionUpBlock>(_upBlocks));
        if (_midBlock is not null)
            register_module("mid_block", _midBlock);
        register_module("conv_norm_out", _convNormOut = new GroupNorm(config.NormNumGroups, channels[0], config.NormEps, options));
        register_module("conv_act", _convAct = Activation.Named(config.ActFn));
        register_module("conv_out", _convOut = new Conv2d(channels[0], config.OutChannels, config.ConvOutKernel, stride: 1, (config.ConvOutKernel - 1) / 2, options));
        _timeAct = Activation.Named(config.ActFn);
    }

    /// <summary>The configuration the model was built from.</summary>
    public UNet2DConditionConfig Config { get; }

    /// <summary>The type of the parameters, which samples and texts must have too.</summary>
    public ScalarType DType => _convIn.Weight.dtype;

    /// <summary>The device of the parameters, where samples and texts must be too.</summary>
    public Device Device => _convIn.Weight.device;

    /// <summary>
    /// Whether resnets and transformers run again in the backward pass instead of keeping their activations: less memory for about a third more
    /// time, the same gradients. Second derivatives are not recorded then.
    /// </summary>
    public bool CheckpointGradients { get; set; }

    /// <summary>
    /// How many heads of each attention are computed at a time, of all samples together; null: all. Predictions stay the same up to rounding. As diffusers'
    /// <c>set_attention_slice</c>. Set it before other threads predict.
    /// </summary>
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
    public static UNet2DConditionModel FromConfig(UNet2DConditionConfig config, long seed = 0, ScalarType? dtype = null, Device? device = null) =>
        FromConfig(config, LayerOptions.Seeded(seed, dtype, device));

    /// <summary>A model whose parameters are made as <paramref name="options"/> say: unset for loading, or shapes alone to count and print.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">How the parameters are made.</param>
    /// <exception cref="DiffusionException">DIF0401 to DIF0407: everything that is wrong with the configuration.</exception>
    public static UNet2DConditionModel FromConfig(UNet2DConditionConfig config, LayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        var findings = config.Validate();

        return findings.IsEmpty ? new UNet2DConditionModel(config, options) : throw new DiffusionException(findings);
    }

    /// <summary>One prediction under a text alone.</summary>
    /// <param name="sample">Noisy latents, <c>[N, C, H, W]</c>, of the parameters' type and device.</param>
    /// <param name="timestep">The timestep, <c>[]</c> or <c>[N]</c>, whole or fractional.</param>
    /// <param name="text">The text vectors, <c>[N, L, D]</c>, or <c>[1, L, D]</c> for all samples.</param>
    /// <returns>The prediction, <c>[N, C′, H, W]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: a tensor has the wrong shape. DIF0411: the model wants class labels. DIF0407: the model wants pooled text and sizes.</exception>
    public Tensor Forward(Tensor sample, Tensor timestep, Tensor text) => forward(sample, timestep, new UNet2DCondition(text));

    /// <summary>One prediction.</summary>
    /// <param name="sample">Noisy latents, <c>[N, C, H, W]</c>, of the parameters' type and device.</param>
    /// <param name="timestep">The timestep, <c>[]</c> or <c>[N]</c>, whole or fractional.</param>
    /// <param name="condition">The text, and what else the model is told.</param>
    /// <returns>The prediction, <c>[N, C′, H, W]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: a tensor has the wrong shape. DIF0411: class labels are missing, or not taken. DIF0412: an index is outside its table. DIF0407: pooled text or sizes are missing.</exception>
    public override Tensor forward(Tensor sample, Tensor timestep, UNet2DCondition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);

        return Forward(sample, timestep, condition, text: null);
    }

    /// <summary>One prediction, under a text that may have been prepared; null: the condition's. To be cancelled before any of its resnets.</summary>
    internal Tensor Forward(Tensor sample, Tensor timestep, UNet2DCondition condition, TextCondition? text, CancellationToken cancellation = default)
    {
        CheckSample(sample);
        using var scope = NewDisposeScope();
        var samples = sample.Sizes()[0];
        var time = new EmbeddedTime(_timeAct.Consume(Embed(UNet2DModel.PerSample(timestep, samples, Device), condition, samples)));

        return Run(sample, time, text ?? Plain(condition, samples), cancellation).MoveToOuterDisposeScope();
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    /// <summary>A text of which every attention makes its keys and values as it comes to them.</summary>
    internal TextCondition Plain(UNet2DCondition condition, long samples) => new EmbeddedText(States(condition, samples), Bias(condition, samples));

    private Tensor Run(Tensor sample, TimeCondition time, TextCondition text, CancellationToken cancellation, Tensor? constant = null)
    {
        if (Config.CenterInputSample)
            sample = Arithmetic.Plus(Arithmetic.Times(sample, 2), -1);

        var state = new UNet2DState(constant is null ? _convIn.call(sample) : _convIn.RunFirst(sample, constant), time, image: null, CheckpointGradients && is_grad_enabled()) { Text = text, Cancellation = cancellation };
        foreach (var block in _downBlocks)
            block.call(state);
        _midBlock?.call(state);
        foreach (var block in _upBlocks)
            block.call(state);

        return SharedHalves.Split(_convOut.call(_convAct.OfNorm(_convNormOut, state.Hidden)).contiguous(), text);
    }

    // The embedding before the activation that every resnet would apply: [N, dim].
    private Tensor Embed(Tensor timesteps, UNet2DCondition condition, long samples)
    {
        CheckCondition(condition, samples);
        var embedding = _timeEmbedding.Forward(_timeProj.call(timesteps).to(DType), condition.TimestepCondition);
        if (_classEmbedding is not null)
        {
            var labels = Config.ClassEmbedType == "timestep" ? _timeProj.call(condition.ClassLabels!).to(DType) : condition.ClassLabels!;
            embedding = Arithmetic.Plus(embedding, _classEmbedding.call(labels).to(DType));
        }

        if (_addTimeProj is null || _addEmbedding is null)
            return embedding;

        var sizes = _addTimeProj.call(condition.TimeIds!.flatten()).view(condition.TimeIds!.Sizes()[0], -1).to(DType);

        return Arithmetic.Plus(embedding, _addEmbedding.call(cat([condition.TextEmbeds!.to(DType), sizes], -1)));
    }
}
