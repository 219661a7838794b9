using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Diffusion.Benchmarks.Measuring;
using Diffusion.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>
/// What the source generator and the analyzer add to the compilation of a file with 1 and with 100 different pipelines: in this process, with a warm
/// compiler, from parsed sources to the assembly in memory. A build adds to both sides what MSBuild and starting the compiler take.
/// </summary>
internal static class GeneratorRatio
{
    private const int Rounds = 21;

    private static readonly CSharpParseOptions Parsing = new CSharpParseOptions(LanguageVersion.Latest).WithFeatures([new("InterceptorsNamespaces", "Diffusion.Generated")]);

    private static readonly MetadataReference[] References = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Select(path => MetadataReference.CreateFromFile(path))
        .ToArray();

    public static IEnumerable<RatioResult> Measure(RatioOptions options)
    {
        foreach (var count in new[] { 1, 100 })
        {
            var source = Source(count);
            var generated = Generate(Compilation(source), out _);
            if (generated < count)
            {
                throw new InvalidOperationException($"the generator wrote {generated} files for {count} pipelines; the measurement would be of nothing");
            }

            var samples = Interleaved.Measure(
                [
                    new("without", () => Emit(Compilation(source))),
                    new("generator", () =>
                    {
                        Generate(Compilation(source), out var extended);
                        Emit(extended);
                    }),
                    new("generator and analyzer", () =>
                    {
                        Generate(Compilation(source), out var extended);
                        Emit(extended);
                        Analyze(extended);
                    }),
                ],
                options.Rounds > 0 ? options.Rounds : Rounds,
                TimeSpan.Zero,
                options.Clock);
            yield return new($"generator: {count} pipelines", samples, options, Added(samples));
        }
    }

    private static string Added(IReadOnlyList<Samples> samples) => string.Create(
        CultureInfo.InvariantCulture,
        $"the generator adds {(samples[1].Median - samples[0].Median).TotalMilliseconds:0.0} ms, with the analyzer {(samples[2].Median - samples[0].Median).TotalMilliseconds:0.0} ms; in process, compiler warm");

    // Different numbers of steps and eta: a sampler of its own for each.
    private static string Source(int count)
    {
        var text = new StringBuilder("using Diffusion.Dsl;\nusing static Diffusion.Dsl.Schedulers;\n\ninternal static class Pipelines\n{\n");
        for (var i = 0; i < count; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"    internal static object P{i}() => Pipeline.From(Pretrained.From(\"m\").Unet).Scheduler(Ddim({10 + i}, eta: 0.5)).Noise(NoiseSchedule.Linear).Prediction(PredictionType.Epsilon).Compile();\n");
        }

        return text.Append("}\n").ToString();
    }

    private static CSharpCompilation Compilation(string source) => CSharpCompilation.Create(
        "Pipelines",
        [CSharpSyntaxTree.ParseText(source, Parsing, "Pipelines.cs", Encoding.UTF8)],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));

    private static int Generate(Compilation compilation, out Compilation extended)
    {
        var driver = CSharpGeneratorDriver.Create([new PipelineGenerator().AsSourceGenerator()], parseOptions: Parsing);
        return driver.RunGeneratorsAndUpdateCompilation(compilation, out extended, out _).GetRunResult().GeneratedTrees.Length;
    }

    private static void Emit(Compilation compilation)
    {
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join("\n", result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        }
    }

    private static void Analyze(Compilation compilation) =>
        compilation.WithAnalyzers(ImmutableArray.Create<DiagnosticAnalyzer>(new PipelineAnalyzer())).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult();
}
