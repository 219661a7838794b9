namespace Diffusion.Runtime.Sampling;

/// <summary>What a call is doing.</summary>
public enum SamplingStage
{
    /// <summary>Prompts become vectors; pipelines without text go without this stage.</summary>
    TextEncoding,

    /// <summary>The sampler's steps.</summary>
    Sampling,

    /// <summary>Latents become pictures; pipelines on pixels go without this stage. Where a call has several batches, their steps follow.</summary>
    Decoding,
}
