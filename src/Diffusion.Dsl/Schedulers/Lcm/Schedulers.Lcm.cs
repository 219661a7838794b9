namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="LcmScheduler"/>
    /// <param name="steps">n, 1 to the original inference steps; 1 to 8 are usual.</param>
    /// <param name="originalInferenceSteps">How many timesteps the network was distilled on; null: as the checkpoint says, else 50.</param>
    /// <param name="strength">The part of them that is visited, from the clean end, in (0, 1].</param>
    /// <param name="clamp">What keeps x̂_0 in range; null: as the checkpoint says, else nothing.</param>
    public static LcmScheduler Lcm(int steps = 4, int? originalInferenceSteps = null, double strength = 1, Clamp? clamp = null) =>
        new() { Steps = steps, OriginalInferenceSteps = originalInferenceSteps, Strength = strength, Clamp = clamp };
}
