using System.Linq;

namespace Diffusion.Dsl.Estimation;

/// <summary>The walks through an AutoencoderKL: each half as it runs.</summary>
internal static class AutoencoderWalk
{
    /// <summary>Pictures to the moments of their latents.</summary>
    public static Ledger Encode(AutoencoderKLConfig config, Feature images, int bytes)
    {
        var (ledger, layout) = (new Ledger(bytes), config.ToLayout());
        var (layers, resnets, attentions) = Parts(ledger);
        var channels = layout.BlockOutChannels;
        ledger.New(images.Count);
        var state = layers.Convolution(images, channels[0]);
        for (var level = 0; level < channels.Count; level++)
        {
            for (var i = 0; i < layout.LayersPerBlock; i++)
            {
                state = Next(ledger, state, resnets.Run(state, channels[level]));
                Mixed(attentions, state, layout.DownBlockTypes[level].StartsWith("Attn", System.StringComparison.Ordinal));
            }

            if (level < channels.Count - 1)
            {
                state = Next(ledger, state, layers.Downsample(state, padsFarEdge: true));
            }
        }

        state = Middle(ledger, resnets, attentions, layout, state);
        layers.Norm(state.Count, state.Channels);
        ledger.Free(state.Count);
        var moments = layers.Convolution(state, 2 * layout.LatentChannels);
        if (config.UseQuantConv)
        {
            layers.Convolution(moments, moments.Channels, kernel: 1);
        }

        return ledger;
    }

    /// <summary>Latents to pictures.</summary>
    public static Ledger Decode(AutoencoderKLConfig config, Feature latents, int bytes)
    {
        var (ledger, layout) = (new Ledger(bytes), config.ToLayout());
        var (layers, resnets, attentions) = Parts(ledger);
        var channels = layout.BlockOutChannels.Reverse().ToArray();
        ledger.New(latents.Count);
        if (config.UsePostQuantConv)
        {
            layers.Convolution(latents, latents.Channels, kernel: 1);
        }

        var state = Middle(ledger, resnets, attentions, layout, layers.Convolution(latents, channels[0]));
        for (var level = 0; level < channels.Length; level++)
        {
            for (var i = 0; i <= layout.LayersPerBlock; i++)
            {
                state = Next(ledger, state, resnets.Run(state, channels[level]));
                Mixed(attentions, state, layout.UpBlockTypes[level].StartsWith("Attn", System.StringComparison.Ordinal));
            }

            if (level < channels.Length - 1)
            {
                state = Next(ledger, state, layers.Upsample(state));
            }
        }

        layers.Norm(state.Count, state.Channels);
        ledger.Free(state.Count);
        layers.Convolution(state, layout.OutChannels);
        return ledger;
    }

    private static (Layers Layers, Resnets Resnets, Attentions Attentions) Parts(Ledger ledger)
    {
        var layers = new Layers(ledger);
        return (layers, new Resnets(layers, new ResnetShape()), new Attentions(layers));
    }

    private static Feature Middle(Ledger ledger, Resnets resnets, Attentions attentions, AutoencoderLayout layout, Feature state)
    {
        state = Next(ledger, state, resnets.Run(state, state.Channels));
        Mixed(attentions, state, layout.MidBlockAddAttention);
        return Next(ledger, state, resnets.Run(state, state.Channels));
    }

    // One head of all channels.
    private static void Mixed(Attentions attentions, Feature state, bool attends)
    {
        if (attends)
        {
            attentions.Pixels(state, state.Channels, hasNorm: true);
            attentions.Ledger.Free(state.Count);
        }
    }

    private static Feature Next(Ledger ledger, Feature before, Feature next)
    {
        ledger.Free(before.Count);
        return next;
    }
}
