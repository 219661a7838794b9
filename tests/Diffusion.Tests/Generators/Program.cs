using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Diffusion.Generators;
using Diffusion.Tests.House;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Diffusion.Tests.Generators;

/// <summary>A user's program in memory, with the generator and the analyzer at work on it.</summary>
internal sealed partial class Program
{
    /// <summary>The top of every program here: 4 lines.</summary>
    public const string Usings = """
        using Diffusion.Dsl;
        using static Diffusion.Dsl.Schedulers;
        using static Diffusion.Dsl.Guiders;

        """;

    private static readonly CSharpParseOptions Options = new CSharpParseOptions(LanguageVersion.Latest).WithFeatures([new("InterceptorsNamespaces", "Diffusion.Generated")]);

    private static readonly CSharpCompilationOptions CompilationOptions = new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable, warningLevel: 9999);

    private static readonly MetadataReference[] References =
    [
        .. PlatformReferences.All.Where(reference => Path.GetFileName(reference.FilePath) is { } name
            && (name is "netstandard.dll" or "Diffusion.Dsl.dll" or "Diffusion.Runtime.dll" or "TorchSharp.dll" || name.StartsWith("System.", StringComparison.Ordinal))),
    ];

    public Program(params (string Path, string Text)[] files) =>
        Compilation = CSharpCompilation.Create("UserProgram", files.Select(file => Parse(file.Path, file.Text)), References, CompilationOptions);

    public CSharpCompilation Compilation { get; }

    /// <summary>The additional files.</summary>
    public ImmutableArray<AdditionalText> Files { get; init; } = Checkpoints.All;

    /// <summary>A program of top-level statements.</summary>
    public static Program Of(string statements, string types = "", ImmutableArray<AdditionalText>? files = null) => new(("Program.cs", Usings + statements + "\n" + types)) { Files = files ?? Checkpoints.All };

    public static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(text, Options, path, Encoding.UTF8);

    public static GeneratorDriver Driver(ImmutableArray<AdditionalText>? files = null, CSharpParseOptions? options = null) => CSharpGeneratorDriver.Create(
        [new PipelineGenerator().AsSourceGenerator()],
        files ?? Checkpoints.All,
        options ?? Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true, baseDirectory: "/"));

    /// <summary>The generated files by name.</summary>
    public Dictionary<string, string> Generate(CSharpParseOptions? options = null) => Sources(Driver(Files, options).RunGenerators(Compilation));

    public static Dictionary<string, string> Sources(GeneratorDriver driver)
    {
        var result = driver.GetRunResult().Results.Single();
        Assert.Null(result.Exception);
        return result.GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());
    }

    /// <summary>The keys of the samplers that were emitted, in order.</summary>
    public string[] Keys() => Generate().TryGetValue("_Registry.g.cs", out var registry)
        ? [.. Registered().Matches(registry).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The program with its generated code; it compiles without errors and warnings.</summary>
    public CSharpCompilation Complete()
    {
        Driver(Files).RunGeneratorsAndUpdateCompilation(Compilation, out var complete, out var diagnostics);
        Assert.Empty(diagnostics);
        Assert.Equal("", string.Join("\n", complete.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)));
        return (CSharpCompilation)complete;
    }

    /// <summary>What the analyzer says, in order of place.</summary>
    public async Task<Diagnostic[]> Analyze()
    {
        Assert.Equal("", string.Join("\n", Compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        return [.. (await AnalyzeAsItIs()).OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).ThenBy(diagnostic => diagnostic.Id)];
    }

    /// <summary>What the analyzer says of a program that may not compile; a crash of the analyzer fails.</summary>
    public async Task<Diagnostic[]> AnalyzeAsItIs()
    {
        var found = await Compilation
            .WithAnalyzers([new PipelineAnalyzer()], new AnalyzerOptions(Files))
            .GetAnalyzerDiagnosticsAsync();
        Assert.DoesNotContain(found, diagnostic => diagnostic.Id == "AD0001");
        return [.. found];
    }

    [GeneratedRegex("SamplerRegistry\\.Register\\(\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Registered();
}
