namespace Diffusion.Dsl;

/// <summary>How the model's noise levels are read between its timesteps. The names are those of diffusers' <c>interpolation_type</c>.</summary>
public enum InterpolationType
{
    /// <summary><c>linear</c>: linearly in σ at every timestep.</summary>
    Linear,

    /// <summary><c>log_linear</c>: evenly in log σ from the largest level down to the smallest, which the last step ends at.</summary>
    LogLinear,
}
