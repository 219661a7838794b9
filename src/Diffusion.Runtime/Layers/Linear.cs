using System.Linq;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>y = x Wᵀ + b on the last axis: <c>[…, in]</c> to <c>[…, out]</c>.</summary>
public sealed class Linear : Layer, IHasExtraText, ICountsProducts
{
    /// <summary>A linear layer.</summary>
    /// <param name="inFeatures">Length of the input's last axis.</param>
    /// <param name="outFeatures">Length of the output's last axis.</param>
    /// <param name="options">How the parameters are made.</param>
    /// <param name="hasBias">Whether b is there.</param>
    public Linear(long inFeatures, long outFeatures, LayerOptions options, bool hasBias = true)
        : base(nameof(Linear))
    {
        (InFeatures, OutFeatures) = (inFeatures, outFeatures);
        Weight = options.KaimingUniform(inFeatures, outFeatures, inFeatures);
        register_parameter("weight", Weight);
        if (hasBias)
        {
            Bias = options.BiasUniform(inFeatures, outFeatures);
            register_parameter("bias", Bias);
        }
    }

    /// <summary>Length of the input's last axis.</summary>
    public long InFeatures { get; }

    /// <summary>Length of the output's last axis.</summary>
    public long OutFeatures { get; }

    /// <summary><c>[out, in]</c>.</summary>
    [field: ComponentName(Name = "weight")]
    public Parameter Weight { get; }

    /// <summary><c>[out]</c>, or null.</summary>
    [field: ComponentName(Name = "bias")]
    public Parameter? Bias { get; }

    string IHasExtraText.ExtraText => $"in_features={InFeatures}, out_features={OutFeatures}, bias={(Bias is null ? "False" : "True")}";

    long ICountsProducts.Products(long[] input, long[] output) => output.Aggregate(InFeatures, (product, size) => product * size);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => F.linear(input, Weight, Bias);
}
