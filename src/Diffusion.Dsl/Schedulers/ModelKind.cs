namespace Diffusion.Dsl;

/// <summary>What a network has to be for a sampler: a sampler of one kind makes nothing of a network of another, whatever its channels.</summary>
internal enum ModelKind
{
    /// <summary>Told a timestep of a noise schedule, x = √ᾱ x_0 + √(1 − ᾱ) ε.</summary>
    Diffusion,

    /// <summary>Gives the velocity of the straight path x = (1 − σ) x_0 + σ ε.</summary>
    Flow,

    /// <summary>Preconditioned, and told ¼ log σ (arXiv:2206.00364, table 1).</summary>
    Edm,

    /// <summary>Gives the clean sample at once (arXiv:2303.01469).</summary>
    Consistency,
}
