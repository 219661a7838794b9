namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="TcdScheduler"/>
    /// <param name="steps">n, 1 to the number of distillation's timesteps; 2 to 8 are usual.</param>
    /// <param name="eta">γ in [0, 1]: 0 is deterministic, 1 the most stochastic.</param>
    /// <param name="originalInferenceSteps">If said, any training timestep may be visited, in at most so many steps; null: the grid of distillation is kept to.</param>
    /// <param name="strength">The part of the timesteps that is visited, from the clean end, in (0, 1].</param>
    public static TcdScheduler Tcd(int steps = 4, double eta = 0.3, int? originalInferenceSteps = null, double strength = 1) =>
        new() { Steps = steps, Eta = eta, OriginalInferenceSteps = originalInferenceSteps, Strength = strength };
}
