namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="DdimInverseScheduler"/>
    /// <param name="steps">n, 1 to T.</param>
    /// <param name="clamp">What keeps x̂_0 in range; null: as the checkpoint says, else [−1, 1].</param>
    /// <param name="spacing">Leading or trailing; null: as the checkpoint says, else leading.</param>
    /// <param name="stepsOffset">Added to leading timesteps; null: as the checkpoint says, else 0.</param>
    /// <param name="setAlphaToOne">Whether the clean end has ᾱ = 1; null: as the checkpoint says, else true.</param>
    public static DdimInverseScheduler DdimInverse(
        int steps = 50,
        Clamp? clamp = null,
        TimestepSpacing? spacing = null,
        int? stepsOffset = null,
        bool? setAlphaToOne = null) =>
        new() { Steps = steps, Clamp = clamp, Spacing = spacing, StepsOffset = stepsOffset, SetAlphaToOne = setAlphaToOne };
}
