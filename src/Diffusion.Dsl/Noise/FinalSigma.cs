namespace Diffusion.Dsl;

/// <summary>Where a sampler's last step ends. The names are those of diffusers' <c>final_sigmas_type</c>.</summary>
public enum FinalSigma
{
    /// <summary><c>zero</c>: at the clean sample.</summary>
    Zero,

    /// <summary><c>sigma_min</c>: at the smallest noise level of training.</summary>
    SigmaMin,
}
