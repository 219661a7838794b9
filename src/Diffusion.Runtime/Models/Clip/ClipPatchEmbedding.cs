using System.Linq;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Models;

/// <summary>
/// A vector for each patch of a picture, <c>[N, C, H, W]</c> to <c>[N, H/P · W/P, D]</c>: a convolution whose stride is its kernel, which is a linear layer over the numbers
/// of a patch and is computed as one.
/// </summary>
internal sealed class ClipPatchEmbedding : Layer, IHasExtraText, IHasPrintedName, ICountsProducts
{
    private readonly long _channels;
    private readonly long _patch;

    public ClipPatchEmbedding(long channels, long dim, long patch, LayerOptions options)
        : base(nameof(ClipPatchEmbedding))
    {
        (_channels, _patch) = (channels, patch);
        Weight = options.KaimingUniform(channels * patch * patch, dim, channels, patch, patch);
        register_parameter("weight", Weight);
    }

    /// <summary><c>[D, C, P, P]</c>.</summary>
    [field: ComponentName(Name = "weight")]
    public Parameter Weight { get; }

    string IHasPrintedName.PrintedName => "Conv2d";

    string IHasExtraText.ExtraText => $"{_channels}, {Weight.Sizes()[0]}, kernel_size=({_patch}, {_patch}), stride=({_patch}, {_patch}), bias=False";

    long ICountsProducts.Products(long[] input, long[] output) => output.Aggregate(_channels * _patch * _patch, (product, size) => product * size);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (input.Sizes()[2] / _patch, input.Sizes()[3] / _patch);
        var patches = input.view(-1, _channels, rows, _patch, columns, _patch).permute(0, 2, 4, 1, 3, 5).reshape(-1, rows * columns, _channels * _patch * _patch);

        return F.linear(patches, Weight.view(Weight.Sizes()[0], -1)).MoveToOuterDisposeScope();
    }
}
