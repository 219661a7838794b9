namespace Diffusion.Parity;

/// <summary>What became of a case.</summary>
internal enum Outcome
{
    /// <summary>Everything recorded was compared and is within its tolerance.</summary>
    Passed,

    /// <summary>Something differs, or the case cannot be read.</summary>
    Failed,

    /// <summary>Nothing in this library answers the case yet.</summary>
    Skipped,
}
