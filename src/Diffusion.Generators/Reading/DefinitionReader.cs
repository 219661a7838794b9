using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;

namespace Diffusion.Generators.Reading;

/// <summary>Reads the pipelines that an expression can be.</summary>
internal static class DefinitionReader
{
    /// <summary>The most pipelines that one call is compiled for.</summary>
    public const int MaxCandidates = 8;

    private const int MaxReadings = 64;

    /// <summary>Every pipeline that <paramref name="definition"/> can be.</summary>
    public static DefinitionReading Read(IOperation definition, Compilation compilation, CancellationToken cancellation)
    {
        var (program, choices, trace) = (SourceProgram.Of(compilation), new Choices(), new Trace());
        var (candidates, faults, readings) = (new List<Candidate>(), new List<FaultException>(), 0);
        NotFoldedException? notFolded = null;
        do
        {
            try
            {
                if (new Evaluator(program, choices, trace, cancellation).Value(definition, null) is not Pipeline pipeline)
                {
                    throw new NotFoldedException(definition.Syntax, "the pipeline is null");
                }

                var known = candidates.FindIndex(candidate => candidate.Pipeline.Equals(pipeline));
                if (known < 0)
                {
                    candidates.Add(new Candidate(pipeline, choices.CanHappen));
                }
                else if (choices.CanHappen)
                {
                    candidates[known] = candidates[known] with { CanHappen = true };
                }
            }
            catch (FaultException fault)
            {
                if (choices.CanHappen)
                {
                    faults.Add(fault);
                }
            }
            catch (NotFoldedException exception)
            {
                notFolded ??= exception;
            }

            if (candidates.Count > MaxCandidates || ++readings > MaxReadings)
            {
                var reason = "it can be more than " + MaxCandidates.ToString(CultureInfo.InvariantCulture) + " different pipelines";
                return new DefinitionReading([], trace, faults, new NotFoldedException(definition.Syntax, reason));
            }
        }
        while (choices.Next());
        return new DefinitionReading(candidates, trace, faults, notFolded);
    }
}
