using System;
using System.IO;
using System.Linq;
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

    [Fact]
    public void ABlockIsReadWithItsMarks()
    {
        const string markdown = "text\n```csharp\na\n```\n<!-- continues -->\n```csharp\nb\n```\n```bash\nc\n```\n\n<!-- no-compile: why -->\n\n```csharp\nd\n```\n<!-- no-compile -->\n```csharp\ne\n```";
        Assert.Equal(
            [new Snippet("f:2", "a\n", null), new Snippet("f:6", "a\nb\n", null), new Snippet("f:15", "d\n", "why"), new Snippet("f:19", "e\n", "")],
            Snippet.In("f", markdown));
    }

    private static Snippet[] Snippets() => Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md")
        .Append(Repository.PathOf("README.md"))
        .Where(File.Exists)
        .SelectMany(file => Snippet.In(Path.GetFileName(file), File.ReadAllText(file)))
        .ToArray();

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
