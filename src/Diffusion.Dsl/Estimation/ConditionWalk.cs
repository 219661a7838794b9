using System.Linq;

namespace Diffusion.Dsl.Estimation;

/// <summary>The walk through a UNet2DConditionModel, as it runs: each tensor is counted when it is made and when it is disposed.</summary>
internal static class ConditionWalk
{
    /// <summary>One prediction.</summary>
    /// <param name="config">The network.</param>
    /// <param name="sample">Its input, both halves of guidance together.</param>
    /// <param name="bytes">Of one number.</param>
    /// <param name="slicing">How many heads are taken at a time; null: all.</param>
    /// <param name="tokens">The length of the text.</param>
    public static Ledger Of(UNet2DConditionConfig config, Feature sample, int bytes, Slicing? slicing = null, long tokens = 77)
    {
        var ledger = new Ledger(bytes);
        var layers = new Layers(ledger);
        var attentions = new Attentions(layers, slicing, tokens);
        var resnets = new Resnets(layers, new ResnetShape(config.TimeEmbedDim, config.ResnetTimeScaleShift == "scale_shift"));
        var (channels, last) = (config.BlockOutChannels, config.BlockOutChannels.Count - 1);
        ledger.New(sample.Count);
        Times(config, layers);
        var state = new SkipStack(ledger, layers.Convolution(sample, channels[0], config.ConvInKernel));
        for (var level = 0; level <= last; level++)
        {
            for (var i = 0; i < UNet2DConditionConfig.At(config.LayersPerBlock, level); i++)
            {
                state.Keep(Mixed(resnets.Run(state.Hidden, channels[level]), config.DownBlockTypes[level], level));
            }

            if (level < last)
            {
                state.Keep(layers.Downsample(state.Hidden, config.DownsamplePadding == 0));
            }
        }

        if (config.MidBlockType is { } mid)
        {
            state.Replace(Mixed(resnets.Run(state.Hidden, channels[last]), mid, last));
            state.Replace(resnets.Run(state.Hidden, channels[last]));
        }

        for (var level = last; level >= 0; level--)
        {
            for (var i = 0; i <= UNet2DConditionConfig.At(config.LayersPerBlock, level); i++)
            {
                var joined = state.Join();
                state.Joined(joined, Mixed(resnets.Run(joined, channels[level]), config.UpBlockTypes[last - level], level));
            }

            if (level > 0)
            {
                state.Replace(layers.Upsample(state.Hidden));
            }
        }

        layers.Norm(state.Hidden.Count, channels[0]);
        layers.Convolution(state.Hidden, config.OutChannels, config.ConvOutKernel);
        return ledger;

        Feature Mixed(Feature hidden, string block, int level)
        {
            if (UNet2DConditionBlockTypes.Attends(block))
            {
                attentions.Transformer(
                    hidden,
                    config.Heads(level),
                    UNet2DConditionConfig.At(config.TransformerLayersPerBlock, level),
                    UNet2DConditionConfig.At(config.CrossAttentionDim, level),
                    UNet2DConditionConfig.At(config.OnlyCrossAttention, level) != 0);
                ledger.Free(hidden.Count);
            }

            return hidden;
        }
    }

    private static void Times(UNet2DConditionConfig config, Layers layers)
    {
        var (first, width) = (config.BlockOutChannels.First(), config.TimeEmbedDim);
        layers.TimeEmbedding(first, width, config.TimeCondProjDim);
        switch (config.ClassEmbedType)
        {
            case null when config.NumClassEmbeds is { } classes:
                layers.Embedding(classes, width);
                break;
            case "timestep":
                layers.TimeEmbedding(first, width);
                break;
            case "projection":
                layers.TimeEmbedding(config.ProjectionClassEmbeddingsInputDim ?? 0, width);
                break;
        }

        if (config.AdditionEmbedType == "text_time")
        {
            layers.TimeEmbedding(config.ProjectionClassEmbeddingsInputDim ?? 0, width);
        }
    }
}
