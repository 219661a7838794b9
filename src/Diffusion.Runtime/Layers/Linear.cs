using System.Linq;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Kernels.Products;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>y = x Wᵀ + b on the last axis: <c>[…, in]</c> to <c>[…, out]</c>.</summary>
public sealed class Linear : Layer, IHasExtraText, ICountsProducts, IPackable
{
    private readonly PackedWeight<ILinearKernel> _packed;

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
        _packed = new(Weight, () => InferenceKernels.Linear(Weight));
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

    IPackedWeight IPackable.Packed => _packed;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => _packed.Kernel?.Run(input, Bias, added: null) ?? F.linear(input, Weight, Bias);

    /// <summary>x Wᵀ + b + added; in one operation where the weight is packed.</summary>
    internal Tensor Run(Tensor input, Tensor? added) => _packed.Kernel?.Run(input, Bias, added) ?? Residual.AddTo(call(input), added);

    /// <summary>One half of x Wᵀ + b times gelu of the other half.</summary>
    internal Tensor RunGated(Tensor input)
    {
        if (_packed.Kernel is { } kernel)
            return kernel.RunGated(input, Bias);

        if (!is_grad_enabled())
        {
            using var wide = call(input);

            return HalfGate.Library(wide);
        }

        using var scope = NewDisposeScope();
        var halves = call(input).chunk(2, -1);

        return (halves[0] * F.gelu(halves[1])).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _packed.Dispose();
        base.Dispose(disposing);
    }
}
