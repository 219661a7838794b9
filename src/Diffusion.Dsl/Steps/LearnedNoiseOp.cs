namespace Diffusion.Dsl.Steps;

/// <summary>
/// x ← x + σ(v)·z with a variance that the network predicts: log σ² = f·log β_t + (1 − f)·log β̃_t, f = (v + 1)/2
/// (arXiv:2102.09672, Eq. 15), or σ² = v itself.
/// </summary>
/// <param name="MinLog">log β̃_t.</param>
/// <param name="MaxLog">log β_t.</param>
/// <param name="IsRange">Whether v interpolates (<see cref="VarianceType.LearnedRange"/>) or is the variance (<see cref="VarianceType.Learned"/>).</param>
public sealed record LearnedNoiseOp(double MinLog, double MaxLog, bool IsRange) : StepOp
{
    /// <inheritdoc/>
    public override string ToString() =>
        IsRange ? "x ← x + exp(½·lerp(" + Text.Of(MinLog) + ", " + Text.Of(MaxLog) + ", ½(v + 1)))·z" : "x ← x + √v·z";
}
