using System;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;
using Embedding = Diffusion.Runtime.Layers.Embedding;

namespace Diffusion.Runtime.Models;

/// <summary>
/// The class-conditioned network of the Hugging Face diffusion course (unit 2): a table of class vectors, each of whose numbers is a constant channel
/// behind the picture, and a <see cref="UNet2DModel"/> over all of them. Parameters have the names of the course: <c>class_emb.weight</c>, <c>model.…</c>.
/// </summary>
/// <remarks>Trainable with autograd. With a row for «no label» (<see cref="ClassConditionedUNetConfig.NullClass"/>) one network learns both predictions of classifier-free guidance (arXiv:2207.12598).</remarks>
public sealed partial class ClassConditionedUNet : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly Embedding _classEmbedding;

    private ClassConditionedUNet(ClassConditionedUNetConfig config, LayerOptions options)
        : base(nameof(ClassConditionedUNet))
    {
        Config = config;
        register_module("class_emb", _classEmbedding = new Embedding(config.Rows, config.EmbeddingSize, options));
        register_module("model", Inner = UNet2DModel.FromConfig(config.Inner, options));
    }

    /// <summary>The configuration the model was built from.</summary>
    public ClassConditionedUNetConfig Config { get; }

    /// <summary>The U-Net inside, whose input is the picture with the class channels behind it.</summary>
    public UNet2DModel Inner { get; }

    /// <summary>The type of the parameters, which samples must have too.</summary>
    public ScalarType DType => Inner.DType;

    /// <summary>The device of the parameters, where samples must be too.</summary>
    public Device Device => Inner.Device;

    /// <summary>A model with PyTorch's default initial values, the same that the course's module draws after <c>torch.manual_seed(seed)</c>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">Seeds the generator of the initial values.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <exception cref="DiffusionException">DIF0401 to DIF0407: everything that is wrong with the configuration.</exception>
    public static ClassConditionedUNet FromConfig(ClassConditionedUNetConfig config, long seed = 0, ScalarType? dtype = null, Device? device = null) =>
        FromConfig(config, LayerOptions.Seeded(seed, dtype, device));

    /// <summary>A model whose parameters are made as <paramref name="options"/> say: unset for loading, or shapes alone to count and print.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">How the parameters are made.</param>
    /// <exception cref="DiffusionException">DIF0401 to DIF0407: everything that is wrong with the configuration.</exception>
    public static ClassConditionedUNet FromConfig(ClassConditionedUNetConfig config, LayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        var findings = config.Validate();

        return findings.IsEmpty ? new ClassConditionedUNet(config, options) : throw new DiffusionException(findings);
    }

    /// <summary>One prediction.</summary>
    /// <param name="sample">The noisy picture, <c>[N, C, H, W]</c>, of the parameters' type and device.</param>
    /// <param name="timestep">The timestep, <c>[]</c> or <c>[N]</c>, whole or fractional.</param>
    /// <param name="labels">The classes, <c>[]</c> or <c>[N]</c>, whole numbers; <see cref="ClassConditionedUNetConfig.NullLabel"/> stands for none.</param>
    /// <returns>The prediction, <c>[N, C′, H, W]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: a tensor has the wrong shape. DIF0412: a label is not one of the classes.</exception>
    public override Tensor forward(Tensor sample, Tensor timestep, Tensor labels) => Forward(sample, timestep, labels, CancellationToken.None);

    /// <summary>One prediction at a prepared time: the same as with that timestep given plainly.</summary>
    /// <param name="sample">The noisy picture, <c>[N, C, H, W]</c>, of the parameters' type and device.</param>
    /// <param name="times">The result of <see cref="UNet2DModel.PrepareTimes"/> of <see cref="Inner"/>.</param>
    /// <param name="step">Which of the prepared timesteps, counted from 0.</param>
    /// <param name="labels">The classes, <c>[]</c> or <c>[N]</c>.</param>
    /// <param name="cancellation">Checked before every resnet.</param>
    /// <returns>The prediction, <c>[N, C′, H, W]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: a tensor has the wrong shape. DIF0412: there is no such step, or no such class.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing stays allocated.</exception>
    public Tensor Forward(Tensor sample, PreparedTimes times, int step, Tensor labels, CancellationToken cancellation = default) =>
        Forward(sample, times, step, labels, perturbed: null, cancellation);

    /// <summary>The same, in which some self-attentions may be switched off.</summary>
    internal Tensor Forward(Tensor sample, PreparedTimes times, int step, Tensor labels, TextCondition? perturbed, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();

        return Inner.Forward(WithClasses(sample, labels), times, step, perturbed, cancellation).MoveToOuterDisposeScope();
    }

    /// <summary>One prediction at any time, to be cancelled before any resnet; some self-attentions may be switched off.</summary>
    internal Tensor Forward(Tensor sample, Tensor timestep, Tensor labels, CancellationToken cancellation, TextCondition? perturbed = null)
    {
        using var scope = NewDisposeScope();

        return Inner.Forward(WithClasses(sample, labels), timestep, classLabels: null, cancellation, perturbed).MoveToOuterDisposeScope();
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    // [N, C, H, W] and labels to [N, C + size, H, W]
    private Tensor WithClasses(Tensor sample, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(sample);
        ArgumentNullException.ThrowIfNull(labels);
        var channels = Config.Unet.InChannels;
        if (sample.dim() != 4 || sample.Sizes()[1] != channels || sample.Sizes().Any(size => size == 0))
            throw Rules.InputShape.Error("the sample", UNet2DModel.Shape(sample), nameof(ClassConditionedUNet), $"[N, {channels}, H, W]", $"give pictures of {channels} channels, without those of the classes");

        var samples = sample.Sizes()[0];
        if (labels.dim() > 1 || (labels.dim() == 1 && labels.Sizes()[0] != samples))
            throw Rules.InputShape.Error("the tensor of class labels", UNet2DModel.Shape(labels), "this model", $"[] or [{samples}]", "give one label, or one for each sample");

        UNet2DModel.CheckIndices("the tensor of class labels", labels, Config.Rows, Config.NullClass ? "classes of which the last means no label" : "classes");
        var rows = _classEmbedding.call(labels.to(ScalarType.Int64).to(Device).reshape(-1)).view(-1, Config.EmbeddingSize, 1, 1);

        return cat([sample, rows.expand(samples, Config.EmbeddingSize, sample.Sizes()[2], sample.Sizes()[3])], 1);
    }
}
