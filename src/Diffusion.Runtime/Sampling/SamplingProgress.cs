using System;

namespace Diffusion.Runtime.Sampling;

/// <summary>How far a call has come.</summary>
/// <param name="Step">Steps done in all batches together.</param>
/// <param name="Steps">Steps to do in all.</param>
/// <param name="Elapsed">Time since the first step began.</param>
public sealed record SamplingProgress(int Step, int Steps, TimeSpan Elapsed)
{
    /// <summary>The time left at the pace so far.</summary>
    public TimeSpan Remaining => Step == 0 ? TimeSpan.Zero : Elapsed / Step * (Steps - Step);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"step {Step} of {Steps}, {Remaining.TotalSeconds:F0} s left");
}
