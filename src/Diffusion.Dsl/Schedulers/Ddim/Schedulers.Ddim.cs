namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="DdimScheduler"/>
    /// <param name="steps">n, 1 to T.</param>
    /// <param name="eta">η in [0, 1]: 0 is deterministic; 1 has the DDPM posterior variance.</param>
    /// <param name="clamp">What keeps x̂_0 in range; null: as the checkpoint says, else [−1, 1].</param>
    /// <param name="spacing">How the timesteps are chosen; null: as the checkpoint says, else leading.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    /// <param name="setAlphaToOne">Whether the last step ends at ᾱ = 1; null: as the checkpoint says, else true.</param>
    public static DdimScheduler Ddim(
        int steps = 50,
        double eta = 0,
        Clamp? clamp = null,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null,
        bool? setAlphaToOne = null) =>
        new() { Steps = steps, Eta = eta, Clamp = clamp, Spacing = spacing, StepsOffset = stepsOffset, SetAlphaToOne = setAlphaToOne };
}
