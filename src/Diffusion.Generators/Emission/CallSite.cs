using Diffusion.Dsl;

namespace Diffusion.Generators.Emission;

/// <summary>A call of Compile(): what it may meet, and how the compiler names it. Plain values only, so that the incremental cache works.</summary>
/// <param name="Pipelines">The pipelines it may meet.</param>
/// <param name="Version">The version of the location's encoding; 0 where the call cannot be intercepted.</param>
/// <param name="Data">The encoded location.</param>
/// <param name="Display">File, line and column, for people; without the folder, which differs between machines.</param>
internal sealed record CallSite(EquatableArray<Pipeline> Pipelines, int Version, string Data, string Display);
