using Diffusion.Dsl;

namespace Diffusion.Generators.Emission;

/// <summary>A call of Compile() with the specs that it is compiled for.</summary>
/// <param name="Site">The call.</param>
/// <param name="Specs">The specs without errors.</param>
internal sealed record SpecSite(CallSite Site, EquatableArray<PipelineSpec> Specs);
