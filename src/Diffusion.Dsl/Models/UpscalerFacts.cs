namespace Diffusion.Dsl;

/// <summary>What is known of the noise that an upscaler puts on small pictures before its network reads them (Ho et al. 2021, arXiv:2106.15282, section 4.1).</summary>
/// <param name="Noise">The schedule of that noise: <c>low_res_scheduler</c> of diffusers' StableDiffusionUpscalePipeline.</param>
/// <param name="MaxNoiseLevel"><c>max_noise_level</c>: the greatest timestep of it that the network was trained on.</param>
public sealed record UpscalerFacts(NoiseSchedule Noise, int MaxNoiseLevel = 350)
{
    /// <summary>As published: betas from 0.0001 to 0.02, even in their roots.</summary>
    public static UpscalerFacts Default { get; } = new(new NoiseSchedule(BetaSchedule.ScaledLinear, 0.0001, 0.02));

    /// <summary>The same facts with another schedule.</summary>
    /// <param name="noise">The schedule of the noise on small pictures.</param>
    public UpscalerFacts WithNoise(NoiseSchedule noise) => this with { Noise = noise };

    /// <summary>The same facts with another greatest level.</summary>
    /// <param name="maxNoiseLevel">A training timestep, at least 0.</param>
    public UpscalerFacts WithMaxNoiseLevel(int maxNoiseLevel) => this with { MaxNoiseLevel = maxNoiseLevel };
}
