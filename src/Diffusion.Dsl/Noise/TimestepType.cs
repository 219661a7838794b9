namespace Diffusion.Dsl;

/// <summary>What the network is told as t. The names are those of diffusers' <c>timestep_type</c>.</summary>
public enum TimestepType
{
    /// <summary><c>discrete</c>: the training timestep.</summary>
    Discrete,

    /// <summary><c>continuous</c>: ¼ log σ (arXiv:2206.00364, table 1), for networks that predict v.</summary>
    Continuous,
}
