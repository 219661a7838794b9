namespace Diffusion.Dsl.Estimation;

/// <summary>The walk through CLIP's text tower, as it runs.</summary>
internal static class TextWalk
{
    /// <summary>One text at a time, as pipelines encode.</summary>
    /// <param name="config">The tower.</param>
    /// <param name="bytes">Of one number.</param>
    /// <param name="hasProjection">Whether the model ends in a projection.</param>
    public static Ledger Of(ClipTextConfig config, int bytes, bool hasProjection = false)
    {
        var ledger = new Ledger(bytes);
        var layers = new Layers(ledger);
        var (width, rows) = ((long)config.HiddenSize, (long)config.MaxPositionEmbeddings);
        var count = rows * width;
        layers.Embedding(config.VocabSize, width);
        layers.Embedding(config.MaxPositionEmbeddings, width);
        ledger.New(count, 2); // tokens, and with their places
        for (var i = 0; i < config.NumHiddenLayers; i++)
        {
            layers.Norm(count, width);
            for (var part = 0; part < 3; part++)
            {
                layers.Linear(rows, width, width);
            }

            ledger.Attention(1, config.NumAttentionHeads, rows, rows, null);
            ledger.New(count);
            layers.Linear(rows, width, width);
            ledger.Free(count, 4);
            layers.Norm(count, width);
            layers.Linear(rows, width, config.IntermediateSize);
            layers.Linear(rows, config.IntermediateSize, width);
            ledger.Free(rows * config.IntermediateSize);
            ledger.Free(count, 4); // all but the block's output
        }

        layers.Norm(count, width);
        if (hasProjection)
        {
            layers.Linear(1, width, config.ProjectionDim, hasBias: false);
        }

        return ledger;
    }
}
