using System;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.House;

public sealed class LayeringTests
{
    private static readonly (string Path, string Text) Step = ("Steps/Row.cs", "namespace P.Steps; public sealed record Row(double A) { public static int Count; }");

    [Fact]
    public void EveryRoomOfTheDslUsesOnlyTheRoomsBeforeIt() => Assert.True(Violations(RoomMap.Dsl) is var found && found.Length == 0, found);

    [Fact]
    public void EveryRoomOfTheRuntimeUsesOnlyTheRoomsBeforeIt() => Assert.True(Violations(RoomMap.Runtime) is var found && found.Length == 0, found);

    [Theory]
    [InlineData("Noise", "public static class N { public static P.Steps.Row Make(double a) => null!; }", "Row")]
    [InlineData("Noise", "public static class N { public static double Read() => P.Steps.Row.Count; }", "Count")]
    [InlineData("Noise", "using P.Steps; public sealed class N : System.IEquatable<Row> { public bool Equals(Row? other) => false; }", "Row")]
    [InlineData("Schedulers", "public static class N { public static P.Steps.Row Make(double a) => new(a); }", null)]
    [InlineData("Steps", "public static class N { public static P.Steps.Row Make(double a) => new(a); }", null)]
    public void AUseAgainstTheDirectionIsFound(string room, string text, string? forbidden)
    {
        var violations = RoomReferences.Violations(RoomMap.Dsl, [Step, (room + "/N.cs", text)]);

        Assert.Equal(forbidden is not null, violations.Any(violation => violation.Contains($"{forbidden} of Steps", StringComparison.Ordinal)));
        Assert.Equal(forbidden is null, violations.Count == 0);
    }

    [Fact]
    public void AFileOutsideOfTheRoomsIsFound() => Assert.Single(RoomReferences.Violations(RoomMap.Dsl, [("Loose.cs", "public sealed class Loose;")]));

    [Fact]
    public void SourcesThatDoNotCompileAreFound() => Assert.NotEmpty(RoomReferences.Violations(RoomMap.Dsl, [("Noise/N.cs", "public sealed class N : Missing;")]));

    [Fact]
    public void TheDslKnowsNothingButTheStandardLibrary() =>
        Assert.Equal(["netstandard"], typeof(Rules).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name));

    [Theory]
    [InlineData("Diffusion.Dsl", "")]
    [InlineData("Diffusion.Generators", "Diffusion.Dsl")]
    [InlineData("Diffusion.CodeFixes", "")]
    [InlineData("Diffusion.Runtime", "Diffusion.Dsl")]
    public void AProjectReferencesOnlyTheProjectsBelowIt(string project, string allowed)
    {
        var references = References(project, "ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Replace('\\', '/')));
        Assert.Empty(references.Except(allowed.Split(' ')));
    }

    [Theory]
    [InlineData("Diffusion.Dsl")]
    [InlineData("Diffusion.Generators")]
    [InlineData("Diffusion.CodeFixes")]
    public void OnlyTheRuntimeReferencesTensors(string project) =>
        Assert.DoesNotContain(References(project, "PackageReference"), package => package.Contains("torch", StringComparison.OrdinalIgnoreCase));

    // As one text, for xunit shortens the sentences of a list.
    private static string Violations(RoomMap map) => string.Join("\n", RoomReferences.Violations(map, RoomReferences.Sources(map)));

    private static string[] References(string project, string kind) => XDocument.Load(Repository.PathOf($"src/{project}/{project}.csproj"))
        .Descendants(kind)
        .Select(reference => (string)reference.Attribute("Include")!)
        .ToArray();
}
