namespace Diffusion.Dsl;

public sealed partial record ClipVisionConfig
{
    /// <summary>This configuration with vectors of another width.</summary>
    /// <param name="size">D, a multiple of the number of heads.</param>
    public ClipVisionConfig WithHiddenSize(int size) => this with { HiddenSize = size };

    /// <summary>This configuration with another width between the linear layers of each block.</summary>
    /// <param name="size">At least 1.</param>
    public ClipVisionConfig WithIntermediateSize(int size) => this with { IntermediateSize = size };

    /// <summary>This configuration with another space for texts and pictures.</summary>
    /// <param name="size">P, at least 1.</param>
    public ClipVisionConfig WithProjectionDim(int size) => this with { ProjectionDim = size };

    /// <summary>This configuration with another number of blocks.</summary>
    /// <param name="layers">At least 1.</param>
    public ClipVisionConfig WithNumHiddenLayers(int layers) => this with { NumHiddenLayers = layers };

    /// <summary>This configuration with another number of heads.</summary>
    /// <param name="heads">A divisor of the width.</param>
    public ClipVisionConfig WithNumAttentionHeads(int heads) => this with { NumAttentionHeads = heads };

    /// <summary>This configuration for pictures of other channels.</summary>
    /// <param name="channels">C of <c>[N, C, H, W]</c>.</param>
    public ClipVisionConfig WithNumChannels(int channels) => this with { NumChannels = channels };

    /// <summary>This configuration for pictures of another size.</summary>
    /// <param name="size">Height and width, a multiple of the patches'.</param>
    public ClipVisionConfig WithImageSize(int size) => this with { ImageSize = size };

    /// <summary>This configuration with patches of another size.</summary>
    /// <param name="size">Height and width, a divisor of the pictures'.</param>
    public ClipVisionConfig WithPatchSize(int size) => this with { PatchSize = size };

    /// <summary>This configuration with another activation.</summary>
    /// <param name="activation">One of <see cref="ClipActivations"/>.</param>
    public ClipVisionConfig WithHiddenAct(string activation) => this with { HiddenAct = activation };

    /// <summary>This configuration with another ε of its norms.</summary>
    /// <param name="epsilon">A small positive number.</param>
    public ClipVisionConfig WithLayerNormEps(double epsilon) => this with { LayerNormEps = epsilon };

    /// <summary>This configuration with another dropout of attention weights.</summary>
    /// <param name="probability">In [0, 1).</param>
    public ClipVisionConfig WithAttentionDropout(double probability) => this with { AttentionDropout = probability };

    /// <summary>This configuration with another deviation of some first values.</summary>
    /// <param name="deviation">At least 0.</param>
    public ClipVisionConfig WithInitializerRange(double deviation) => this with { InitializerRange = deviation };

    /// <summary>This configuration with first values of another size.</summary>
    /// <param name="factor">Scales all deviations.</param>
    public ClipVisionConfig WithInitializerFactor(double factor) => this with { InitializerFactor = factor };
}
