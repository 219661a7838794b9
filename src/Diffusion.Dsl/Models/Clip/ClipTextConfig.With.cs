namespace Diffusion.Dsl;

public sealed partial record ClipTextConfig
{
    /// <summary>This configuration for another number of tokens.</summary>
    /// <param name="size">Number of tokens, at least 1.</param>
    public ClipTextConfig WithVocabSize(int size) => this with { VocabSize = size };

    /// <summary>This configuration with vectors of another width.</summary>
    /// <param name="size">D, a multiple of the number of heads.</param>
    public ClipTextConfig WithHiddenSize(int size) => this with { HiddenSize = size };

    /// <summary>This configuration with another width between the linear layers of each block.</summary>
    /// <param name="size">At least 1.</param>
    public ClipTextConfig WithIntermediateSize(int size) => this with { IntermediateSize = size };

    /// <summary>This configuration with another space for texts and pictures.</summary>
    /// <param name="size">P, at least 1.</param>
    public ClipTextConfig WithProjectionDim(int size) => this with { ProjectionDim = size };

    /// <summary>This configuration with another number of blocks.</summary>
    /// <param name="layers">At least 1.</param>
    public ClipTextConfig WithNumHiddenLayers(int layers) => this with { NumHiddenLayers = layers };

    /// <summary>This configuration with another number of heads.</summary>
    /// <param name="heads">A divisor of the width.</param>
    public ClipTextConfig WithNumAttentionHeads(int heads) => this with { NumAttentionHeads = heads };

    /// <summary>This configuration for longer or shorter texts.</summary>
    /// <param name="positions">Most tokens L that are read at once.</param>
    public ClipTextConfig WithMaxPositionEmbeddings(int positions) => this with { MaxPositionEmbeddings = positions };

    /// <summary>This configuration with another activation.</summary>
    /// <param name="activation">One of <see cref="ClipActivations"/>.</param>
    public ClipTextConfig WithHiddenAct(string activation) => this with { HiddenAct = activation };

    /// <summary>This configuration with another ε of its norms.</summary>
    /// <param name="epsilon">A small positive number.</param>
    public ClipTextConfig WithLayerNormEps(double epsilon) => this with { LayerNormEps = epsilon };

    /// <summary>This configuration with another dropout of attention weights.</summary>
    /// <param name="probability">In [0, 1).</param>
    public ClipTextConfig WithAttentionDropout(double probability) => this with { AttentionDropout = probability };

    /// <summary>This configuration with another end token.</summary>
    /// <param name="id">Its number; 2 means the token with the greatest number of a text.</param>
    public ClipTextConfig WithEosTokenId(int id) => this with { EosTokenId = id };

    /// <summary>This configuration with another deviation of some first values.</summary>
    /// <param name="deviation">At least 0.</param>
    public ClipTextConfig WithInitializerRange(double deviation) => this with { InitializerRange = deviation };

    /// <summary>This configuration with first values of another size.</summary>
    /// <param name="factor">Scales all deviations.</param>
    public ClipTextConfig WithInitializerFactor(double factor) => this with { InitializerFactor = factor };

    /// <summary>This configuration with another token that fills texts.</summary>
    /// <param name="id">Its number; null: none.</param>
    public ClipTextConfig WithPadTokenId(int? id) => this with { PadTokenId = id };

    /// <summary>This configuration with another token before texts.</summary>
    /// <param name="id">Its number; null: none.</param>
    public ClipTextConfig WithBosTokenId(int? id) => this with { BosTokenId = id };
}
