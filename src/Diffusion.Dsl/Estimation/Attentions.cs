namespace Diffusion.Dsl.Estimation;

/// <summary>Attention over the places of a feature map, and transformers that look at a text as well. What they hold they let go of at their end.</summary>
/// <param name="layers">The layers they are made of.</param>
/// <param name="slicing">How many heads are taken at a time; null: all.</param>
/// <param name="tokens">The length of the text.</param>
internal sealed class Attentions(Layers layers, Slicing? slicing = null, long tokens = 77)
{
    /// <summary>Where it is counted.</summary>
    public Ledger Ledger => layers.Ledger;

    /// <summary>Self-attention of pixels with a residual sum; its output is the caller's.</summary>
    public void Pixels(Feature input, long headWidth, bool hasNorm)
    {
        var (ledger, heads, rows) = (layers.Ledger, input.Channels / headWidth, input.Samples * input.Places);
        var inner = heads * headWidth;
        if (hasNorm)
        {
            layers.Norm(input.Count, input.Channels);
        }

        for (var i = 0; i < 3; i++)
        {
            layers.Linear(rows, input.Channels, inner);
        }

        ledger.Attention(input.Samples, heads, input.Places, input.Places, slicing);
        KernelAssumptions.Attend(ledger, rows * inner, rows * inner);
        layers.Linear(rows, inner, input.Channels); // an image again, into which the input is added
        ledger.Free(input.Count, hasNorm ? 1 : 0);
        ledger.Free(rows * inner, 4);
    }

    /// <summary>A transformer over the places of a feature map; its output is the caller's.</summary>
    /// <param name="input">What goes in; it stays the caller's.</param>
    /// <param name="heads">Heads of each attention.</param>
    /// <param name="depth">Blocks.</param>
    /// <param name="textWidth">Width of the text vectors.</param>
    /// <param name="onlyText">Whether the first attention looks at the text too.</param>
    public void Transformer(Feature input, long heads, int depth, long textWidth, bool onlyText)
    {
        var (ledger, count, rows, width) = (layers.Ledger, input.Count, input.Samples * input.Places, input.Channels);
        layers.Norm(count, width); // its pixels are the tokens
        layers.Linear(rows, width, width);
        for (var i = 0; i < depth; i++)
        {
            Part(() => Attention(onlyText));
            Part(() => Attention(true), freesInput: true);
            Part(FeedForward, freesInput: true);
            ledger.Free(count); // what went into the block
        }

        layers.Linear(rows, width, width); // an image again, into which the input is added
        ledger.Free(count, 2); // tokens and norm

        // A norm, a part, and its sum in place.
        void Part(System.Action part, bool freesInput = false)
        {
            layers.Norm(count, width);
            part();
            ledger.Free(count);
            if (freesInput)
            {
                ledger.Free(count);
            }
        }

        void Attention(bool looksAtText)
        {
            var source = looksAtText ? textWidth : width;
            layers.Linear(rows, width, width, hasBias: false); // queries
            ledger.Weights(2 * source * width);
            if (looksAtText)
            {
                ledger.Keep(2 * input.Samples * tokens * width); // keys and values, made once for all steps
            }
            else
            {
                ledger.New(count, 2);
            }

            ledger.Attention(input.Samples, heads, input.Places, looksAtText ? tokens : input.Places, slicing);
            KernelAssumptions.Attend(ledger, looksAtText ? input.Samples * tokens * width : count, count);
            layers.Linear(rows, width, width);
            ledger.Free(count, looksAtText ? 2 : 4);
        }

        void FeedForward()
        {
            ledger.Weights((width * 8 * width) + (8 * width));
            ledger.New(4 * count); // one half times gelu of the other, which is never there as a whole
            layers.Linear(rows, 4 * width, width);
            ledger.Free(4 * count);
        }
    }
}
