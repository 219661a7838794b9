namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="PndmScheduler"/>
    /// <param name="steps">n, 1 to T; at least 4 with Runge-Kutta steps.</param>
    /// <param name="skipPrkSteps">Whether PLMS's first step takes the place of the Runge-Kutta steps; null: as the checkpoint says, else not.</param>
    /// <param name="setAlphaToOne">Whether the last step ends at ᾱ = 1; null: as the checkpoint says, else at ᾱ_0.</param>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says, else leading.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    public static PndmScheduler Pndm(
        int steps = 50,
        bool? skipPrkSteps = null,
        bool? setAlphaToOne = null,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null) =>
        new() { Steps = steps, SkipPrkSteps = skipPrkSteps, SetAlphaToOne = setAlphaToOne, Spacing = spacing, StepsOffset = stepsOffset };
}
