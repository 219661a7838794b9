using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Emission;

namespace Diffusion.Generators.Emission;

/// <summary>From pipelines to emitted samplers. What has errors is left out: the analyzer reports it.</summary>
internal static class Specs
{
    /// <summary>The specs of the pipelines that have no errors.</summary>
    public static EquatableArray<PipelineSpec> Of(IEnumerable<Pipeline> pipelines, IModelFiles files) =>
        pipelines.Select(pipeline => Of(pipeline, files)).OfType<PipelineSpec>().Distinct().ToEquatableArray();

    /// <summary>The samplers' sources, or null for what this version cannot compile.</summary>
    public static EmittedSampler? Emit(PipelineSpec spec) => Checked(() => Compiler.Compile(spec));

    /// <summary>Every spec once, in an order that does not depend on where the calls stand.</summary>
    public static EquatableArray<PipelineSpec> Distinct(IEnumerable<PipelineSpec> specs) => specs
        .GroupBy(spec => spec.ClassName)
        .Select(same => same.First())
        .OrderBy(spec => spec.ClassName, StringComparer.Ordinal)
        .ToEquatableArray();

    private static PipelineSpec? Of(Pipeline pipeline, IModelFiles files)
    {
        if (Checked(() => ModelFacts.Read(pipeline, files)) is not { } facts)
        {
            return null;
        }

        // What is wrong for a UNet without classes may be meant for one with them.
        return Checked(() => Resolution.ValidSpec(pipeline, facts))
            ?? (facts.Unet is null ? Checked(() => Resolution.ValidSpec(pipeline, facts with { Unet = CertainFindings.Conditioned })) : null);
    }

    private static T? Checked<T>(Func<T> compute)
        where T : class
    {
        try
        {
            return compute();
        }
        catch (DiffusionException)
        {
            return null;
        }
    }
}
