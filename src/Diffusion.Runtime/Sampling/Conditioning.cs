namespace Diffusion.Runtime.Sampling;

/// <summary>Which conditions a network is asked for.</summary>
public enum Conditioning
{
    /// <summary>The pipeline's own: the text or the label where there is one.</summary>
    Conditional,

    /// <summary>Without the text or label, or with the negative prompt.</summary>
    Unconditional,

    /// <summary>Both in one batch: the first N rows of the output unconditional, the last N conditional.</summary>
    Both,
}
