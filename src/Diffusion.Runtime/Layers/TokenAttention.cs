using Diffusion.Runtime.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// Attention of tokens over each other, or over a text: heads of softmax(q kᵀ / √d) v (arXiv:1706.03762, eq. 1) between linear maps,
/// <c>[N, L, C]</c> to the same shape.
/// </summary>
public sealed class TokenAttention : nn.Module<Tensor, TextCondition?, Tensor>, IHasPrintedName, ICountsProducts, IHasHeads
{
    // The length of a prompt of CLIP, for counting multiplications.
    private const long PromptTokens = 77;

    private readonly long _heads;
    private readonly bool _upcasts;
    private readonly Linear _toQ;
    private readonly Linear _toOut;
    private long? _slice;

    /// <summary>An attention layer.</summary>
    /// <param name="channels">C.</param>
    /// <param name="textWidth">D of the text vectors; null where the tokens attend to each other.</param>
    /// <param name="heads">The number of heads; divides C.</param>
    /// <param name="upcasts">Whether scores are computed in float32 whatever the parameters' type.</param>
    /// <param name="dropout">Probability of dropping a number of the output in training.</param>
    /// <param name="options">How the parameters are made.</param>
    public TokenAttention(long channels, long? textWidth, long heads, bool upcasts, double dropout, LayerOptions options)
        : base(nameof(TokenAttention))
    {
        (_heads, _upcasts, LooksAtText) = (heads, upcasts, textWidth is not null);
        var source = textWidth ?? channels;
        register_module("to_q", _toQ = new Linear(channels, channels, options, hasBias: false));
        register_module("to_k", ToK = new Linear(source, channels, options, hasBias: false));
        register_module("to_v", ToV = new Linear(source, channels, options, hasBias: false));
        register_module("to_out", new ModuleList<nn.Module<Tensor, Tensor>>(_toOut = new Linear(channels, channels, options), Drop = new Dropout(dropout)));
    }

    /// <summary>Whether keys and values come from the text.</summary>
    public bool LooksAtText { get; }

    /// <summary>What makes keys.</summary>
    internal Linear ToK { get; }

    /// <summary>What makes values.</summary>
    internal Linear ToV { get; }

    private Dropout Drop { get; }

    long IHasHeads.Heads => _heads;

    long? IHasHeads.Slice
    {
        get => _slice;
        set => _slice = value;
    }

    string IHasPrintedName.PrintedName => nameof(Attention); // as diffusers calls both

    // q kᵀ and its product with v
    long ICountsProducts.Products(long[] input, long[] output) => 2 * input[0] * _toQ.OutFeatures * input[1] * (LooksAtText ? PromptTokens : input[1]);

    /// <inheritdoc/>
    public override Tensor forward(Tensor tokens, TextCondition? text)
    {
        using var mixed = Mix(tokens, text);
        var result = _toOut.call(mixed);
        if (Drop.IsIdle)
            return result;

        using (result)
            return Drop.call(result);
    }

    /// <summary>The attention plus something; in one operation where weights are packed.</summary>
    internal Tensor Run(Tensor tokens, TextCondition? text, Tensor added)
    {
        if (is_grad_enabled() || !((IPackable)_toOut).Packed.IsPacked)
            return Residual.AddTo(call(tokens, text), added);

        using var mixed = Mix(tokens, text);

        return _toOut.Run(mixed, added);
    }

    /// <summary>Nothing: parts are registered by hand, under the names of state dicts.</summary>
    protected override void RegisterComponents()
    {
    }

    private Tensor Mix(Tensor tokens, TextCondition? text)
    {
        if (PerturbedText.SwitchesOff(text, this))
            return ToV.call(tokens);

        using var scope = NewDisposeScope();
        var q = _toQ.call(tokens);
        var k = LooksAtText ? text!.Keys(ToK) : ToK.call(tokens);
        var v = LooksAtText ? text!.Values(ToV) : ToV.call(tokens);

        return SlicedAttention.Attend(q, k, v, _heads, _slice, LooksAtText ? text!.Bias : null, _upcasts).MoveToOuterDisposeScope();
    }
}
