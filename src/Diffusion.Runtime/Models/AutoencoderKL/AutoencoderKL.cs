using System;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;
using Conv2d = Diffusion.Runtime.Layers.Conv2d;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

/// <summary>
/// The variational autoencoder of latent diffusion (Rombach et al. 2021, arXiv:2112.10752) as diffusers builds it: images <c>[N, C, H, W]</c> in
/// [−1, 1] to a distribution of latents <c>[N, C′, H / factor, W / factor]</c> and back. Parameters have the names of diffusers' state dicts.
/// Parity target: <c>AutoencoderKL</c> of diffusers 0.30.3.
/// </summary>
/// <remarks>
/// Trainable with autograd. Where no gradient is recorded (<c>torch.no_grad</c>) intermediate tensors are reused in place. The latents are the
/// encoder's own; <see cref="Scale"/> and <see cref="Unscale"/> go to those that a diffusion model sees and back.
/// </remarks>
public sealed partial class AutoencoderKL : nn.Module<Tensor, Tensor?, Tensor>
{
    private readonly AutoencoderLayout _layout;
    private readonly Encoder _encoder;
    private readonly Decoder _decoder;
    private readonly Conv2d? _quantConv;
    private readonly Conv2d? _postQuantConv;

    private AutoencoderKL(AutoencoderKLConfig config, LayerOptions options)
        : base(nameof(AutoencoderKL))
    {
        Config = config;
        _layout = config.ToLayout();
        var latents = config.LatentChannels;
        register_module("encoder", _encoder = new Encoder(_layout, 2 * latents, options));
        register_module("decoder", _decoder = new Decoder(_layout, options));
        if (config.UseQuantConv)
            register_module("quant_conv", _quantConv = new Conv2d(2 * latents, 2 * latents, kernel: 1, stride: 1, padding: 0, options));
        if (config.UsePostQuantConv)
            register_module("post_quant_conv", _postQuantConv = new Conv2d(latents, latents, kernel: 1, stride: 1, padding: 0, options));
    }

    /// <summary>The configuration the model was built from.</summary>
    public AutoencoderKLConfig Config { get; }

    /// <summary>The type of the parameters, which images and latents must have too.</summary>
    public ScalarType DType => parameters().First().dtype;

    /// <summary>The device of the parameters, where images and latents must be too.</summary>
    public Device Device => parameters().First().device;

    /// <summary>
    /// Whether resnets and attentions run again in the backward pass instead of keeping their activations: less memory for about a third more
    /// time, the same gradients. Second derivatives are not recorded then.
    /// </summary>
    public bool CheckpointGradients
    {
        get => _encoder.CheckpointGradients;
        set => (_encoder.CheckpointGradients, _decoder.CheckpointGradients) = (value, value);
    }

    /// <summary>A model with PyTorch's default initial values, the same that Python draws after <c>torch.manual_seed(seed)</c>.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">Seeds the generator of the initial values.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <exception cref="DiffusionException">DIF0401 to DIF0407: everything that is wrong with the configuration.</exception>
    public static AutoencoderKL FromConfig(AutoencoderKLConfig config, long seed = 0, ScalarType? dtype = null, Device? device = null) =>
        FromConfig(config, LayerOptions.Seeded(seed, dtype, device));

    /// <summary>A model whose parameters are made as <paramref name="options"/> say: unset for loading, or shapes alone to count and print.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">How the parameters are made.</param>
    /// <exception cref="DiffusionException">DIF0401 to DIF0407: everything that is wrong with the configuration.</exception>
    public static AutoencoderKL FromConfig(AutoencoderKLConfig config, LayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        var findings = config.Validate();

        return findings.IsEmpty ? new AutoencoderKL(config, options) : throw new DiffusionException(findings);
    }

    /// <summary>The distribution of the latents of images.</summary>
    /// <param name="images"><c>[N, C, H, W]</c> in [−1, 1], of the parameters' type and device. Pixels beyond the last multiple of the factor are lost.</param>
    /// <param name="memory">Slices or tiles for large images; null is <see cref="VaeMemory.Whole"/>.</param>
    /// <param name="cancellation">Checked before every resnet of every slice and tile.</param>
    /// <returns>Of latents <c>[N, C′, ⌊H / factor⌋, ⌊W / factor⌋]</c>; the caller disposes it.</returns>
    /// <exception cref="DiffusionException">DIF0410: the images have the wrong shape. DIF0432: the tile size is not a multiple of the factor.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing stays allocated.</exception>
    public DiagonalGaussian Encode(Tensor images, VaeMemory? memory = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        AutoencoderInputs.CheckImages(_layout, images);

        return new DiagonalGaussian(Run(images, part => EncodeWhole(part, cancellation), memory, encodes: true));
    }

    /// <summary>The images of latents.</summary>
    /// <param name="latents"><c>[N, C′, h, w]</c> as the encoder gives them, of the parameters' type and device; those of a diffusion model come from <see cref="Unscale"/>.</param>
    /// <param name="memory">Slices or tiles for large images; null is <see cref="VaeMemory.Whole"/>.</param>
    /// <param name="cancellation">Checked before every resnet of every slice and tile.</param>
    /// <returns><c>[N, C, factor · h, factor · w]</c>, in about [−1, 1].</returns>
    /// <exception cref="DiffusionException">DIF0410: the latents have the wrong shape. DIF0432: the tile size is not a multiple of the factor.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing stays allocated.</exception>
    public Tensor Decode(Tensor latents, VaeMemory? memory = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(latents);
        AutoencoderInputs.CheckLatents(_layout, latents, Config.LatentChannels);

        return Run(latents, part => DecodeWhole(part, cancellation), memory, encodes: false);
    }

    /// <summary>Images through the latents and back, for training and for looking at what is lost.</summary>
    /// <param name="images"><c>[N, C, H, W]</c> in [−1, 1]; height and width are multiples of the factor.</param>
    /// <param name="noise">z of the latents, <c>[N, C′, H / factor, W / factor]</c>; null takes the most likely latents.</param>
    /// <returns><c>[N, C, H, W]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: a tensor has the wrong shape. DIF0432: the size would not come back.</exception>
    public override Tensor forward(Tensor images, Tensor? noise = null)
    {
        AutoencoderInputs.CheckImages(_layout, images);
        AutoencoderInputs.CheckRoundTrip(_layout, images.Sizes()[2], images.Sizes()[3]);
        using var scope = NewDisposeScope();
        var posterior = Encode(images);

        return Decode(noise is null ? posterior.Mode : posterior.Sample(noise)).MoveToOuterDisposeScope();
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    private Tensor Run(Tensor input, Func<Tensor, Tensor> half, VaeMemory? memory, bool encodes)
    {
        var tiling = memory is { Tiles: true } ? Tiling.Of(memory, _layout, encodes) : null;
        Func<Tensor, Tensor> each = tiling is null ? half : tensor => tiling.Run(tensor, half);

        return memory is { Slices: true } ? BatchSlicing.Run(input, each) : each(input);
    }

    private Tensor EncodeWhole(Tensor images, CancellationToken cancellation)
    {
        var moments = _encoder.Run(images, cancellation);
        if (_quantConv is null)
            return moments;

        using (moments)
            return _quantConv.call(moments);
    }

    private Tensor DecodeWhole(Tensor latents, CancellationToken cancellation)
    {
        if (_postQuantConv is null)
            return _decoder.Run(latents, cancellation);

        using var mixed = _postQuantConv.call(latents);

        return _decoder.Run(mixed, cancellation);
    }
}
