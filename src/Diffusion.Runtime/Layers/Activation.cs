using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>An elementwise activation; the shape stays.</summary>
public abstract class Activation : Layer
{
    private protected Activation(string name)
        : base(name)
    {
    }

    /// <summary>The activation a configuration names.</summary>
    /// <param name="name"><c>silu</c>, <c>swish</c> (the same), <c>mish</c>, <c>gelu</c> or <c>relu</c>.</param>
    /// <exception cref="DiffusionException">DIF0404: there is no such activation.</exception>
    public static Activation Named(string name) => name switch
    {
        "silu" or "swish" => new SiLU(),
        "mish" => new Mish(),
        "gelu" => new GELU(),
        "relu" => new ReLU(),
        _ => throw Rules.UnknownChoice.Error("act_fn", name, "silu, swish, mish, gelu, relu"),
    };

    /// <summary>The activation of a norm, in one operation where there is one.</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="input"><c>[N, C, …]</c>.</param>
    internal virtual Tensor OfNorm(GroupNorm norm, Tensor input) => Consume(norm.call(input));

    /// <summary>The activation of the norm of a tensor that nobody else needs: in its place where that can be.</summary>
    /// <param name="norm">The norm.</param>
    /// <param name="input"><c>[N, C, …]</c>.</param>
    internal virtual Tensor ConsumeNorm(GroupNorm norm, Tensor input) => OfNorm(norm, input);

    /// <summary>The activation of a tensor that nobody else needs: in its place where no gradient is recorded.</summary>
    internal virtual Tensor Consume(Tensor input) => forward(input);
}
