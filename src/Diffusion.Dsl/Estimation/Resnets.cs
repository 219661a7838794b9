namespace Diffusion.Dsl.Estimation;

/// <summary>Residual blocks: norm, convolution, time, norm, convolution, sum.</summary>
/// <param name="layers">The layers they are made of.</param>
/// <param name="shape">What they have in common.</param>
internal sealed class Resnets(Layers layers, ResnetShape shape)
{
    /// <summary>One block; the input stays its caller's.</summary>
    /// <param name="input">What goes in.</param>
    /// <param name="channels">Channels that come out.</param>
    /// <param name="scale">2 doubles height and width, −2 halves them, 1 leaves them.</param>
    /// <param name="shortcut">Whether the input passes a convolution; null where channels differ.</param>
    public Feature Run(Feature input, long channels, int scale = 1, bool? shortcut = null)
    {
        var ledger = layers.Ledger;
        Norm(input.Count, input.Channels);
        var (hidden, resized) = (input, 0L);
        if (scale != 1)
        {
            hidden = scale > 0 ? input.Doubled() : input.Halved();
            resized = hidden.Count;
            ledger.New(resized, 2);
            ledger.Free(input.Count);
        }

        var convolved = layers.Convolution(hidden, channels);
        ledger.Free(hidden.Count);
        if (shape.TimeWidth is { } time)
        {
            var width = shape.ScaleShift ? 2 * channels : channels;
            ledger.Weights((time * width) + width);
        }

        Norm(convolved.Count, channels);
        ledger.Free(convolved.Count);
        var output = layers.Convolution(convolved, channels);
        ledger.Free(convolved.Count);
        if (shortcut ?? input.Channels != channels)
        {
            layers.Convolution(hidden, channels, kernel: 1);
            ledger.Free(output.Count);
        }

        ledger.Free(resized);
        return output;
    }

    private void Norm(long count, long channels)
    {
        if (shape.HasNorms)
        {
            layers.Norm(count, channels);
        }
        else
        {
            layers.Ledger.New(count);
        }
    }
}
