using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// The residual block of every diffusion U-Net: norm, activation, convolution, time, norm, activation, convolution, plus the input.
/// <c>[N, C, H, W]</c> to <c>[N, C′, H, W]</c>, or half or twice the size where <see cref="ResnetBlock2DSettings.Resample"/> says so.
/// </summary>
public sealed class ResnetBlock2D : nn.Module<Tensor, TimeCondition?, Tensor>
{
    private readonly ResnetBlock2DSettings _settings;
    private readonly GroupNorm? _norm1;
    private readonly Conv2d _conv1;
    private readonly Linear? _timeEmbProj;
    private readonly GroupNorm? _norm2;
    private readonly Dropout _dropout;
    private readonly Conv2d _conv2;
    private readonly Activation _nonlinearity;
    private readonly nn.Module<Tensor, Tensor>? _resample;
    private readonly Conv2d? _convShortcut;

    /// <summary>A residual block.</summary>
    /// <param name="settings">Its shape and kinds.</param>
    /// <param name="options">How the parameters are made.</param>
    public ResnetBlock2D(ResnetBlock2DSettings settings, LayerOptions options)
        : base(nameof(ResnetBlock2D))
    {
        _settings = settings;
        var (channels, outChannels) = (settings.InChannels, settings.OutChannels);
        if (settings.HasNorms)
            register_module("norm1", _norm1 = new GroupNorm(settings.Groups, channels, settings.Epsilon, options));
        register_module("conv1", _conv1 = new Conv2d(channels, outChannels, kernel: 3, stride: 1, padding: 1, options));
        if (settings.TimeEmbedDim is { } timeEmbedDim)
            register_module("time_emb_proj", _timeEmbProj = new Linear(timeEmbedDim, settings.ScaleShift ? 2 * outChannels : outChannels, options));
        if (settings.HasNorms)
            register_module("norm2", _norm2 = new GroupNorm(settings.GroupsOut ?? settings.Groups, outChannels, settings.Epsilon, options));
        register_module("dropout", _dropout = new Dropout(settings.Dropout));
        register_module("conv2", _conv2 = new Conv2d(outChannels, outChannels, kernel: 3, stride: 1, padding: 1, options));
        register_module("nonlinearity", _nonlinearity = Activation.Named(settings.Activation));
        _resample = Resampler(settings.Resample);
        if (settings.ConvShortcut ?? channels != outChannels)
            register_module("conv_shortcut", _convShortcut = new Conv2d(channels, outChannels, kernel: 1, stride: 1, padding: 0, options));
    }

    /// <summary>The layer that fits the time embedding to this block, or null.</summary>
    internal Linear? TimeEmbProj => _timeEmbProj;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, TimeCondition? time)
    {
        using var scope = NewDisposeScope();
        var hidden = _norm1 is null ? _nonlinearity.call(input) : _nonlinearity.OfNorm(_norm1, input);
        if (_resample is not null)
        {
            input = _resample.call(input);
            hidden = After(hidden, _resample.call(hidden));
        }

        var projected = _timeEmbProj is null || time is null ? null : time.Project(_timeEmbProj);
        if (projected is null || _settings.ScaleShift)
        {
            hidden = After(hidden, _conv1.call(hidden));
            hidden = After(hidden, projected is null ? Activate(hidden) : Condition(hidden, projected));
        }
        else
        {
            hidden = After(hidden, _conv1.Run(hidden, projected));
            hidden = After(hidden, Activate(hidden));
        }

        if (!_dropout.IsIdle)
            hidden = After(hidden, _dropout.call(hidden));
        if (_convShortcut is not null)
            input = _convShortcut.call(input);
        if (_settings.OutputScaleFactor == 1)
            return _conv2.Run(hidden, added: input).MoveToOuterDisposeScope();

        hidden = After(hidden, _conv2.call(hidden));

        return Residual.Add(hidden, input, _settings.OutputScaleFactor).MoveToOuterDisposeScope();
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    // The result, without what it was made from: one of an autoencoder's tensors can be a quarter of a gigabyte.
    private static Tensor After(Tensor used, Tensor result)
    {
        if (!ReferenceEquals(used, result)) // an operation in place gives the tensor itself
            used.Dispose();

        return result;
    }

    // The activated second norm under scale and shift; time: [N, 2C, 1, 1].
    private Tensor Condition(Tensor hidden, Tensor time)
    {
        var parts = time.chunk(2, 1);

        return _nonlinearity.Consume(Arithmetic.Plus((_norm2?.call(hidden) ?? hidden) * Arithmetic.Plus(parts[0], 1), parts[1]));
    }

    private Tensor Activate(Tensor hidden) => _norm2 is null ? _nonlinearity.Consume(hidden) : _nonlinearity.ConsumeNorm(_norm2, hidden);

    private nn.Module<Tensor, Tensor>? Resampler(Resampling kind)
    {
        switch (kind)
        {
            case Resampling.Up:
                var up = new Upsample2D();
                register_module("upsample", up);
                return up;
            case Resampling.Down:
                var down = new Downsample2D();
                register_module("downsample", down);
                return down;
            case Resampling.FirUp:
                return new FirUpsample2D(); // without a name: diffusers holds a function here
            case Resampling.FirDown:
                return new FirDownsample2D();
            default:
                return null;
        }
    }
}
