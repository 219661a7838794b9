using Diffusion.Runtime.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>A table of learned vectors: indices <c>[…]</c> (int64) to <c>[…, dim]</c>.</summary>
public sealed class Embedding : Layer, IHasExtraText
{
    /// <summary>A table.</summary>
    /// <param name="count">Number of vectors.</param>
    /// <param name="dim">Length of each.</param>
    /// <param name="options">How the parameters are made.</param>
    public Embedding(long count, long dim, LayerOptions options)
        : base(nameof(Embedding))
    {
        (Count, Dim) = (count, dim);
        Weight = options.Normal(1, requiresGrad: true, count, dim);
        register_parameter("weight", Weight);
    }

    /// <summary>Number of vectors.</summary>
    public long Count { get; }

    /// <summary>Length of each vector.</summary>
    public long Dim { get; }

    /// <summary><c>[count, dim]</c>.</summary>
    [field: ComponentName(Name = "weight")]
    public Parameter Weight { get; }

    string IHasExtraText.ExtraText => $"{Count}, {Dim}";

    /// <inheritdoc/>
    public override Tensor forward(Tensor indices)
    {
        if (indices.device_type == DeviceType.META)
            return empty([.. indices.Sizes(), Dim], Weight.dtype, indices.device);

        using var flat = indices.reshape(-1);
        using var rows = Weight.index_select(0, flat);

        return rows.reshape([.. indices.Sizes(), Dim]);
    }
}
