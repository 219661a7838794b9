using System;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;
using Conv2d = Diffusion.Runtime.Layers.Conv2d;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

/// <summary>
/// The autoencoder of VQ-VAE (van den Oord et al. 2017, arXiv:1711.00937) in the shape of VQGAN (arXiv:2012.09841), as diffusers builds it: images
/// <c>[N, C, H, W]</c> in [−1, 1] to latents <c>[N, C′, H / factor, W / factor]</c>, which the decoder sees as the nearest vectors of a codebook.
/// Parameters have the names of diffusers' state dicts. Parity target: <c>VQModel</c> of diffusers 0.30.3.
/// </summary>
/// <remarks>Trainable with autograd. Where no gradient is recorded (<c>torch.no_grad</c>) intermediate tensors are reused in place.</remarks>
public sealed partial class VQModel : nn.Module<Tensor, Tensor>
{
    private readonly AutoencoderLayout _layout;
    private readonly Encoder _encoder;
    private readonly Conv2d _quantConv;
    private readonly VectorQuantizer _quantize;
    private readonly Conv2d _postQuantConv;
    private readonly Decoder _decoder;

    private VQModel(VQModelConfig config, LayerOptions options)
        : base(nameof(VQModel))
    {
        Config = config;
        _layout = config.ToLayout();
        register_module("encoder", _encoder = new Encoder(_layout, config.LatentChannels, options));
        register_module("quant_conv", _quantConv = new Conv2d(config.LatentChannels, config.CodeLength, kernel: 1, stride: 1, padding: 0, options));
        register_module("quantize", _quantize = new VectorQuantizer(config.NumVqEmbeddings, config.CodeLength, options));
        register_module("post_quant_conv", _postQuantConv = new Conv2d(config.CodeLength, config.LatentChannels, kernel: 1, stride: 1, padding: 0, options));
        register_module("decoder", _decoder = new Decoder(_layout, options));
    }

    /// <summary>The configuration the model was built from.</summary>
    public VQModelConfig Config { get; }

    /// <summary>The type of the parameters, which images and latents must have too.</summary>
    public ScalarType DType => _quantConv.Weight.dtype;

    /// <summary>The device of the parameters, where images and latents must be too.</summary>
    public Device Device => _quantConv.Weight.device;

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
    /// <exception cref="DiffusionException">DIF0401 to DIF0405: everything that is wrong with the configuration.</exception>
    public static VQModel FromConfig(VQModelConfig config, long seed = 0, ScalarType? dtype = null, Device? device = null) =>
        FromConfig(config, LayerOptions.Seeded(seed, dtype, device));

    /// <summary>A model whose parameters are made as <paramref name="options"/> say: unset for loading, or shapes alone to count and print.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="options">How the parameters are made.</param>
    /// <exception cref="DiffusionException">DIF0401 to DIF0405: everything that is wrong with the configuration.</exception>
    public static VQModel FromConfig(VQModelConfig config, LayerOptions options)
    {
        ArgumentNullException.ThrowIfNull(config);
        var findings = config.Validate();

        return findings.IsEmpty ? new VQModel(config, options) : throw new DiffusionException(findings);
    }

    /// <summary>The latents of images, as they are before they are quantized.</summary>
    /// <param name="images"><c>[N, C, H, W]</c> in [−1, 1], of the parameters' type and device. Pixels beyond the last multiple of the factor are lost.</param>
    /// <returns><c>[N, C′, ⌊H / factor⌋, ⌊W / factor⌋]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: the images have the wrong shape.</exception>
    public Tensor Encode(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        AutoencoderInputs.CheckImages(_layout, images);
        using var hidden = _encoder.call(images);

        return _quantConv.call(hidden);
    }

    /// <summary>The nearest vectors of the codebook, their indices, and the losses that train it.</summary>
    /// <param name="latents"><c>[N, C′, h, w]</c>.</param>
    /// <returns>All of it; the caller disposes it.</returns>
    /// <exception cref="DiffusionException">DIF0410: the latents have the wrong shape.</exception>
    public VectorQuantization Quantize(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        AutoencoderInputs.CheckLatents(_layout, latents, Config.CodeLength);
        var indices = _quantize.Nearest(latents);
        using var vectors = _quantize.Lookup(indices);

        return new VectorQuantization(latents, indices, vectors);
    }

    /// <summary>The vectors of indices, as <see cref="DecodeQuantized"/> takes them.</summary>
    /// <param name="indices"><c>[N, h, w]</c>, int64.</param>
    /// <returns><c>[N, C′, h, w]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: the indices have the wrong shape. DIF0412: an index is outside of the codebook.</exception>
    public Tensor Lookup(Tensor indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        if (indices.dim() != 3)
            throw Rules.InputShape.Error("the tensor of indices", UNet2DModel.Shape(indices), nameof(VQModel), "[N, h, w]", "give one index for each latent pixel");

        UNet2DModel.CheckIndices("the tensor of indices", indices, Config.NumVqEmbeddings, "vectors in its codebook");

        return _quantize.Lookup(indices);
    }

    /// <summary>The images of latents, which are quantized first. Gradients pass to the latents, not to the codebook.</summary>
    /// <param name="latents"><c>[N, C′, h, w]</c>, of the parameters' type and device.</param>
    /// <returns><c>[N, C, factor · h, factor · w]</c>, in about [−1, 1].</returns>
    /// <exception cref="DiffusionException">DIF0410: the latents have the wrong shape.</exception>
    public Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();

        return DecodeQuantized(Quantize(latents).Quantized).MoveToOuterDisposeScope();
    }

    /// <summary>The images of latents as they are (<c>force_not_quantize</c>).</summary>
    /// <param name="latents"><c>[N, C′, h, w]</c>, of the parameters' type and device.</param>
    /// <returns><c>[N, C, factor · h, factor · w]</c>, in about [−1, 1].</returns>
    /// <exception cref="DiffusionException">DIF0410: the latents have the wrong shape.</exception>
    public Tensor DecodeQuantized(Tensor latents)
    {
        ArgumentNullException.ThrowIfNull(latents);
        AutoencoderInputs.CheckLatents(_layout, latents, Config.CodeLength);
        using var mixed = _postQuantConv.call(latents);

        return _decoder.call(mixed);
    }

    /// <summary>Images through the codebook and back.</summary>
    /// <param name="images"><c>[N, C, H, W]</c> in [−1, 1]; height and width are multiples of the factor.</param>
    /// <returns><c>[N, C, H, W]</c>.</returns>
    /// <exception cref="DiffusionException">DIF0410: the images have the wrong shape. DIF0432: the size would not come back.</exception>
    public override Tensor forward(Tensor images)
    {
        AutoencoderInputs.CheckImages(_layout, images);
        AutoencoderInputs.CheckRoundTrip(_layout, images.Sizes()[2], images.Sizes()[3]);
        using var latents = Encode(images);

        return Decode(latents);
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }
}
