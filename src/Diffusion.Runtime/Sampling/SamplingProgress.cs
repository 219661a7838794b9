using System;

namespace Diffusion.Runtime.Sampling;

/// <summary>How far a call has come.</summary>
/// <param name="Stage">What it is doing.</param>
/// <param name="Step">Steps done in all batches together.</param>
/// <param name="Steps">Steps to do in all.</param>
/// <param name="Fraction">The part of the work that is done, 0 to 1, counted in rows that the network sees; a picture's decoding counts as three of them. It never falls.</param>
/// <param name="Elapsed">Time since the call began.</param>
/// <param name="Remaining">
/// The time that is probably left: the median time of the latest steps, without the first, which warms up, for each row of work that is left; decoding counts with its own time as soon as
/// a picture was decoded. Null until a step is done.
/// </param>
public sealed record SamplingProgress(SamplingStage Stage, int Step, int Steps, double Fraction, TimeSpan Elapsed, TimeSpan? Remaining)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var left = Remaining is { } time ? FormattableString.Invariant($", {time.TotalSeconds:F0} s left") : "";
        return Stage switch
        {
            SamplingStage.TextEncoding => "encoding the text",
            SamplingStage.Decoding => "decoding" + left,
            _ => FormattableString.Invariant($"step {Step} of {Steps}") + left,
        };
    }
}
