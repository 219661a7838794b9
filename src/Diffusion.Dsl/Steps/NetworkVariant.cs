namespace Diffusion.Dsl.Steps;

/// <summary>Which network an evaluation asks.</summary>
public enum NetworkVariant
{
    /// <summary>The pipeline's.</summary>
    Own,

    /// <summary>The pipeline's with some of its self-attentions switched off, for perturbed-attention guidance; under the condition.</summary>
    Perturbed,

    /// <summary>The worse network of autoguidance; under the condition.</summary>
    Worse,
}
