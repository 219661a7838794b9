using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Tests.Weights;

/// <summary>Two parameters and a buffer, filled with −1.</summary>
internal sealed class TinyModule : nn.Module
{
    public readonly Parameter weight;
    public readonly Parameter bias;
    public readonly Tensor steps;

    public TinyModule(ScalarType type = ScalarType.Float32)
        : base("Tiny")
    {
        weight = new Parameter(full(2, 3, -1, dtype: type));
        bias = new Parameter(full(3, -1, dtype: type));
        steps = full(1, -1, dtype: ScalarType.Int64);
        register_parameter("weight", weight);
        register_parameter("bias", bias);
        register_buffer("steps", steps);
    }

    /// <summary>Whether every element is still −1.</summary>
    public bool IsUntouched
    {
        get
        {
            using var scope = NewDisposeScope();
            return weight.eq(-1).all().item<bool>() && bias.eq(-1).all().item<bool>() && steps.eq(-1).all().item<bool>();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            weight.Dispose();
            bias.Dispose();
            steps.Dispose();
        }

        base.Dispose(disposing);
    }
}
