namespace Diffusion.Parity;

/// <summary>One case after it was checked.</summary>
/// <param name="Name">The path below the folder, with an index where a file holds several.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="MaxError">The largest absolute difference of the comparison that came closest to its tolerance.</param>
/// <param name="Tolerance">The tolerance of that comparison.</param>
/// <param name="Note">Why it failed or was skipped.</param>
internal sealed record CaseResult(string Name, Outcome Outcome, double MaxError, double Tolerance, string? Note);
