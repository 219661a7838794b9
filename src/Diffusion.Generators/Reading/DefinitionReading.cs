using System.Collections.Generic;

namespace Diffusion.Generators.Reading;

/// <summary>What the expression before <c>.Compile()</c> can be.</summary>
/// <param name="Candidates">The pipelines that were read, without repetition.</param>
/// <param name="Trace">Where their parts come from.</param>
/// <param name="Faults">What members of Diffusion.Dsl refused.</param>
/// <param name="NotFolded">Why there may be pipelines that were not read; null if there are none.</param>
internal sealed record DefinitionReading(IReadOnlyList<Candidate> Candidates, Trace Trace, IReadOnlyList<FaultException> Faults, NotFoldedException? NotFolded);
