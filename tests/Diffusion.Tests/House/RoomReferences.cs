using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diffusion.Tests.House;

/// <summary>Compiles the sources of a project and finds every name that one room takes from another.</summary>
internal static class RoomReferences
{
    /// <summary>The sources of <paramref name="map"/>'s project, as paths below it and texts.</summary>
    public static IEnumerable<(string Path, string Text)> Sources(RoomMap map)
    {
        var project = Repository.PathOf("src/" + map.Project);
        return Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Select(file => (Path: Path.GetRelativePath(project, file).Replace('\\', '/'), File: file))
            .Where(source => !source.Path.StartsWith("bin/", StringComparison.Ordinal) && !source.Path.StartsWith("obj/", StringComparison.Ordinal)
                && !source.Path.StartsWith("buildTransitive/", StringComparison.Ordinal))
            .OrderBy(source => source.Path, StringComparer.Ordinal)
            .Select(source => (source.Path, File.ReadAllText(source.File)));
    }

    // A partial method whose other half a generator writes, as for LibraryImport; its declared half is all there is to look at.
    private const string HalfIsGenerated = "CS8795";

    /// <summary>One sentence per forbidden use; empty when the directions hold.</summary>
    public static IReadOnlyList<string> Violations(RoomMap map, IEnumerable<(string Path, string Text)> sources)
    {
        var trees = sources
            .Select(source => CSharpSyntaxTree.ParseText(source.Text, new CSharpParseOptions(LanguageVersion.Latest), source.Path))
            .ToArray();
        var compilation = CSharpCompilation.Create(
            map.Project,
            trees,
            PlatformReferences.With(map.Below),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

        // An unresolved name would hide a violation.
        var errors = compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != HalfIsGenerated)
            .Select(error => error.ToString());
        var homeless = trees.Where(tree => !map.Uses.ContainsKey(Room(tree))).Select(tree => $"{tree.FilePath} is in no room of {nameof(RoomMap)}");
        return [.. errors, .. homeless, .. trees.SelectMany(tree => Uses(map, tree, compilation.GetSemanticModel(tree))).Distinct()];
    }

    private static IEnumerable<string> Uses(RoomMap map, SyntaxTree tree, SemanticModel model) =>
        from name in tree.GetRoot().DescendantNodes(descendIntoTrivia: false).OfType<SimpleNameSyntax>()
        let symbol = model.GetSymbolInfo(name).Symbol?.OriginalDefinition
        where symbol is not null and not INamespaceSymbol
        let rooms = symbol.DeclaringSyntaxReferences.Select(reference => Room(reference.SyntaxTree)).Distinct().ToArray()
        where rooms.Length > 0 && !rooms.Any(room => map.Allows(Room(tree), room))
        select $"{tree.FilePath} names {symbol.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)} of {rooms[0]}, which {Room(tree)} may not use";

    private static string Room(SyntaxTree tree) => tree.FilePath.Contains('/') ? tree.FilePath[..tree.FilePath.IndexOf('/')] : "";
}
