using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Generators.Reading;

namespace Diffusion.Generators.Diagnostics;

/// <summary>Everything that is wrong with a pipeline that was read: the same sentences that compiling it at run time throws.</summary>
internal static class Findings
{
    /// <summary>
    /// The findings that certainly hold: those of every candidate, and those of each candidate that can happen. A combination of choices that exclude
    /// each other is no reason to stop a build, and neither is what depends on a file that was not given.
    /// </summary>
    public static IEnumerable<(Finding Finding, Pipeline Pipeline)> Of(DefinitionReading reading, IModelFiles files)
    {
        var checkedCandidates = reading.Candidates.Select(candidate => (Candidate: candidate, Findings: Of(candidate.Pipeline, files))).ToArray();
        return checkedCandidates
            .SelectMany(one => one.Findings
                .Where(finding => one.Candidate.CanHappen || checkedCandidates.All(other => other.Findings.Contains(finding)))
                .Select(finding => (finding, one.Candidate.Pipeline)))
            .GroupBy(found => found.finding)
            .Select(same => same.First());
    }

    private static EquatableArray<Finding> Of(Pipeline pipeline, IModelFiles files)
    {
        try
        {
            var facts = ModelFacts.Read(pipeline, files);
            if (Validation.Check(pipeline, facts).All(finding => finding.Rule.Severity != RuleSeverity.Error))
            {
                // What can be defined but not compiled by this version shows in planning.
                Planner.Plan(Resolution.Spec(pipeline, facts));
            }

            return CertainFindings.Of(pipeline, facts);
        }
        catch (DiffusionException exception)
        {
            return exception.Findings;
        }
    }
}
