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

        ledger.New(input.Count); // tokens
        for (var i = 0; i < 3; i++)
        {
            layers.Linear(rows, input.Channels, inner);
        }

        ledger.Attention(input.Samples, heads, input.Places, input.Places, slicing);
        ledger.New(rows * inner); // mixed
        layers.Linear(rows, inner, input.Channels);
        ledger.New(input.Count); // an image again, into which the input is added
        ledger.Free(input.Count, hasNorm ? 3 : 2);
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
        layers.Norm(count, width);
        ledger.New(count); // tokens
        Projected();
        for (var i = 0; i < depth; i++)
        {
            Part(() => Attention(onlyText));
            Part(() => Attention(true), freesInput: true);
            Part(FeedForward, freesInput: true);
            ledger.Free(count); // what went into the block
        }

        Projected();
        ledger.New(count); // an image again, into which the input is added
        ledger.Free(count, 2); // tokens and norm

        void Projected()
        {
            layers.Linear(rows, width, width);
            ledger.Free(count);
        }

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
            ledger.New(count); // mixed
            layers.Linear(rows, width, width);
            ledger.Free(count, looksAtText ? 2 : 4);
        }

        void FeedForward()
        {
            layers.Linear(rows, width, 8 * width);
            ledger.New(4 * count); // the gate, into which the other half is multiplied
            ledger.Free(8 * count);
            layers.Linear(rows, 4 * width, width);
            ledger.Free(4 * count);
        }
    }
}
