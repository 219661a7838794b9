namespace Diffusion.Dsl.Estimation;

/// <summary>The layers of all networks. Each takes shapes, counts its parameters and what it holds, and leaves its output; its input stays its caller's.</summary>
/// <param name="ledger">Where it is counted.</param>
internal sealed class Layers(Ledger ledger)
{
    /// <summary>Where it is counted.</summary>
    public Ledger Ledger => ledger;

    /// <summary>A square convolution with bias.</summary>
    public Feature Convolution(Feature input, long channels, int kernel = 3, bool halves = false)
    {
        ledger.Weights((input.Channels * channels * kernel * kernel) + channels);
        var output = (halves ? input.Halved() : input).With(channels);
        KernelAssumptions.Convolve(ledger, input.Count, output.Count);
        return output;
    }

    /// <summary>Doubling by repeated pixels and a convolution; to odd sizes where a skip asks for them, which is as large.</summary>
    public Feature Upsample(Feature input, bool learned = true)
    {
        var output = input.Doubled();
        ledger.New(output.Count);
        if (learned)
        {
            Convolution(output, input.Channels);
            ledger.Free(output.Count);
        }

        return output;
    }

    /// <summary>Halving by a strided convolution, with a padded copy where the padding is uneven, or by means.</summary>
    public Feature Downsample(Feature input, bool padsFarEdge, bool learned = true)
    {
        if (!learned)
        {
            var mean = input.Halved();
            ledger.New(mean.Count);
            return mean;
        }

        var padded = padsFarEdge ? input.Count : 0;
        ledger.New(padded);
        var output = Convolution(input, input.Channels, halves: true);
        ledger.Free(padded);
        return output;
    }

    /// <summary>A linear layer over so many rows.</summary>
    public void Linear(long rows, long from, long to, bool hasBias = true)
    {
        ledger.Weights((from * to) + (hasBias ? to : 0));
        ledger.New(rows * to);
    }

    /// <summary>A norm, activated or not: a new tensor.</summary>
    public void Norm(long count, long channels)
    {
        ledger.Weights(2 * channels);
        ledger.New(count);
    }

    /// <summary>A table of vectors.</summary>
    public void Embedding(long rows, long width) => ledger.Weights(rows * width);

    /// <summary>Two linear layers from sinusoids to a time embedding; vectors, too small to count.</summary>
    public void TimeEmbedding(long from, long width, long? condition = null) =>
        ledger.Weights((from * width) + width + (width * width) + width + ((condition ?? 0) * from));
}
