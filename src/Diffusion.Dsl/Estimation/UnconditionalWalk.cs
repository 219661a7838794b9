using System;
using System.Linq;

namespace Diffusion.Dsl.Estimation;

/// <summary>The walk through a UNet2DModel, as it runs.</summary>
internal static class UnconditionalWalk
{
    // Skip blocks carry pictures of three channels beside the features.
    private const int SkipImage = 3;

    /// <summary>One prediction.</summary>
    /// <param name="config">The network.</param>
    /// <param name="sample">Its input.</param>
    /// <param name="bytes">Of one number.</param>
    /// <param name="slicing">How many heads are taken at a time; null: all.</param>
    public static Ledger Of(UNet2DConfig config, Feature sample, int bytes, Slicing? slicing = null)
    {
        var ledger = new Ledger(bytes);
        var layers = new Layers(ledger);
        var attentions = new Attentions(layers, slicing);
        var resnets = new Resnets(layers, new ResnetShape(config.TimeConditioning ? config.TimeEmbedDim : null, config.ResnetTimeScaleShift == "scale_shift", config.GroupNorms));
        var (channels, last) = (config.BlockOutChannels, config.BlockOutChannels.Count - 1);
        ledger.New(sample.Count);
        Times(config, layers);
        var state = new SkipStack(ledger, layers.Convolution(sample, channels[0]));
        for (var level = 0; level <= last; level++)
        {
            var block = UNet2DBlockTypes.Normalize(config.DownBlockTypes[level]);
            for (var i = 0; i < config.LayersPerBlock; i++)
            {
                state.Keep(Mixed(resnets.Run(state.Hidden, channels[level]), block.Contains("Attn")));
            }

            if (level < last)
            {
                state.Keep(Down(block, state.Hidden));
            }
        }

        state.Replace(Mixed(resnets.Run(state.Hidden, channels[last]), config.AddAttention, hasNorm: config.AttnNormNumGroups is not null || config.ResnetTimeScaleShift == "default"));
        state.Replace(resnets.Run(state.Hidden, channels[last]));
        for (var level = last; level >= 0; level--)
        {
            var block = UNet2DBlockTypes.Normalize(config.UpBlockTypes[last - level]);
            for (var i = 0; i <= config.LayersPerBlock; i++)
            {
                var joined = state.Join();
                var attends = block.StartsWith("AttnSkip", StringComparison.Ordinal) ? i == config.LayersPerBlock : block.Contains("Attn");
                state.Joined(joined, Mixed(resnets.Run(joined, channels[level]), attends));
            }

            if (level > 0)
            {
                state.Replace(Up(block, state.Hidden));
            }
        }

        var output = state.Hidden;
        if (config.GroupNorms)
        {
            layers.Norm(output.Count, channels[0]);
        }

        layers.Convolution(output, config.OutChannels);
        return ledger;

        Feature Mixed(Feature hidden, bool attends, bool hasNorm = true)
        {
            if (attends)
            {
                attentions.Pixels(hidden, config.AttentionHeadDim ?? (int)hidden.Channels, hasNorm && config.GroupNorms);
                ledger.Free(hidden.Count);
            }

            return hidden;
        }

        Feature Down(string block, Feature hidden)
        {
            if (block.Contains("Skip"))
            {
                var resized = resnets.Run(hidden, hidden.Channels, scale: -2, shortcut: true);
                ledger.Weights((SkipImage * hidden.Channels) + hidden.Channels);
                return resized;
            }

            return IsResnet(block, "ResnetDownsampleBlock2D", config.DownsampleType)
                ? resnets.Run(hidden, hidden.Channels, scale: -2)
                : layers.Downsample(hidden, config.DownsamplePadding == 0, config.LearnedResampling);
        }

        Feature Up(string block, Feature hidden)
        {
            if (block.Contains("Skip"))
            {
                layers.Norm(0, hidden.Channels);
                ledger.Weights((9 * SkipImage * hidden.Channels) + SkipImage);
                return resnets.Run(hidden, hidden.Channels, scale: 2, shortcut: true);
            }

            return IsResnet(block, "ResnetUpsampleBlock2D", config.UpsampleType) ? resnets.Run(hidden, hidden.Channels, scale: 2) : layers.Upsample(hidden, config.LearnedResampling);
        }

        bool IsResnet(string block, string always, string kind) => block == always || (block.StartsWith("Attn", StringComparison.Ordinal) && kind == "resnet" && config.LearnedResampling);
    }

    private static void Times(UNet2DConfig config, Layers layers)
    {
        var (first, width) = (config.BlockOutChannels.First(), config.TimeEmbedDim);
        var from = config.TimeEmbeddingType == "fourier" ? 2 * first : first;
        if (config.TimeConditioning)
        {
            layers.Embedding(config.TimeEmbeddingType switch { "fourier" => 1, "learned" => config.NumTrainTimesteps ?? 0, _ => 0 }, first);
            layers.TimeEmbedding(from, width);
        }

        switch (config.ClassEmbedType)
        {
            case null when config.NumClassEmbeds is { } classes:
                layers.Embedding(classes, width);
                break;
            case "timestep":
                layers.TimeEmbedding(from, width);
                break;
        }
    }
}
