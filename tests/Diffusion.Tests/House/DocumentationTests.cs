using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diffusion.Tests.House;

/// <summary>What the README and the guides show compiles against this library as it is.</summary>
public sealed class DocumentationTests
{
    public static TheoryData<string> Places => [.. Snippets().Select(snippet => snippet.Place)];

    [Theory]
    [MemberData(nameof(Places))]
    public void ASnippetCompilesOrSaysWhyNot(string place)
    {
        var snippet = Snippets().Single(found => found.Place == place);
        Assert.NotEqual("", snippet.Exemption);
        if (snippet.Exemption is null)
        {
            Assert.Empty(Errors(snippet.Code));
        }
    }

    [Fact]
    public void TheReadmeNamesTheTestCommand() => Assert.Contains("\ndotnet test Dsl.sln\n", File.ReadAllText(Repository.PathOf("README.md")), StringComparison.Ordinal);

    [Theory]
    [InlineData("using System; Console.WriteLine(1);", true)]
    [InlineData("#:package Diffusion.Runtime@0.1.0\nusing System;\nConsole.WriteLine(await System.Threading.Tasks.Task.FromResult(1));", true)]
    [InlineData("public sealed class C;", true)]
    [InlineData("Console.WriteLine(1);", false)]
    [InlineData("using Diffusion.Dsl; var rule = new Rule(1);", false)]
    public void OnlyCodeThatStandsAloneCompiles(string code, bool compiles) => Assert.Equal(compiles, !Errors(code).Any());

    // The diffusion course's notes let the product run to T, and its notebook writes a deviation where a variance belongs.
    [Fact]
    public void TheClosedFormHasAVarianceAndAProductUpToT()
    {
        var texts = Pages().Concat(Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)).Select(file => (file, text: File.ReadAllText(file))).ToArray();
        Assert.Empty(texts.Where(entry => IsWrong(entry.text)).Select(entry => entry.file));
        Assert.Contains(texts, entry => entry.file.EndsWith("forward-process.md", StringComparison.Ordinal) && entry.text.Contains("N(√ᾱ_t x_0, (1 − ᾱ_t) I)", StringComparison.Ordinal) && entry.text.Contains("∏_{i≤t} (1 − β_i)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("N(√ᾱ_t x_0, (1 − ᾱ_t) I) with ᾱ_t = ∏_{i≤t} (1 − β_i), the deviation √(1 − ᾱ_t)", false)]
    [InlineData("ᾱ_t = ∏_{i=1}^T α_i", true)]
    [InlineData("ᾱ_t = Π_{i≤T} α_i", true)]
    [InlineData("N(x; √ᾱ_t x_0, √(1 − ᾱ_t) I)", true)]
    public void AWrongClosedFormIsFound(string text, bool wrong) => Assert.Equal(wrong, IsWrong(text));

    [Fact]
    public void ABlockIsReadWithItsMarks()
    {
        const string markdown = "text\n```csharp\na\n```\n<!-- continues -->\n```csharp\nb\n```\n```bash\nc\n```\n\n<!-- no-compile: why -->\n\n```csharp\nd\n```\n<!-- no-compile -->\n```csharp\ne\n```";
        Assert.Equal(
            [new Snippet("f:2", "a\n", null), new Snippet("f:6", "a\nb\n", null), new Snippet("f:15", "d\n", "why"), new Snippet("f:19", "e\n", "")],
            Snippet.In("f", markdown));
    }

    private static IEnumerable<string> Pages() => new[] { "docs", "docs/course", "docs/models" }
        .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.md"))
        .Append(Repository.PathOf("README.md"));

    private static Snippet[] Snippets() => Pages()
        .SelectMany(file => Snippet.In(Path.GetRelativePath(Repository.PathOf("."), file).Replace('\\', '/'), File.ReadAllText(file)))
        .ToArray();

    private static bool IsWrong(string text) => Regex.IsMatch(text, @"[∏Π]_\{[a-z]( ?≤ ?T| ?= ?1\}\^\{?T)|, √\(1 ?[−-] ?ᾱ(_t)?\) ?I\)");

    private static string[] Errors(string code)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest).WithFeatures([new("FileBasedProgram", "true")]);
        var tree = CSharpSyntaxTree.ParseText(code, options);
        var kind = tree.GetRoot().DescendantNodes().OfType<GlobalStatementSyntax>().Any() ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        return CSharpCompilation.Create("Snippet", [tree], PlatformReferences.With("Diffusion.Dsl", "Diffusion.Runtime"), new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable))
            .GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(error => error.ToString())
            .ToArray();
    }
}
