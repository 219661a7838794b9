using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>A text encoder inside a file of the original layout.</summary>
/// <param name="Prefix">What the names of its tensors start with.</param>
/// <param name="IsOpenClip">Whether the tensors have OpenCLIP's names, else transformers'.</param>
/// <param name="HasProjection">Whether the model that reads it has the projection.</param>
/// <param name="Config">Its configuration; blocks that are not used do not count.</param>
public sealed record OriginalTextEncoder(string Prefix, bool IsOpenClip, bool HasProjection, ClipTextConfig Config)
{
    /// <summary>The names of its parameters.</summary>
    public OriginalNames Names => IsOpenClip ? OriginalNames.OpenClip(Config.NumHiddenLayers, HasProjection, Prefix) : OriginalNames.Clip(Prefix);
}
