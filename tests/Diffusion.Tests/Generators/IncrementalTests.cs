using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Diffusion.Dsl;
using Diffusion.Generators.Emission;
using Diffusion.Generators.Files;
using Microsoft.CodeAnalysis;

namespace Diffusion.Tests.Generators;

/// <summary>What an edit makes the generator do again, in both directions, so that the test is known to be able to fail.</summary>
public sealed class IncrementalTests
{
    private const string Statements = """
        Pipeline.From(Pretrained.From("models/pixels").Unet).Scheduler(Ddim(4)).Compile();
        Pipeline.From(new UnetModel("net")).Scheduler(Ddim(K.Steps)).Compile();
        """;

    private const string Other = "static class K { public const int Steps = 5; public static int Unrelated() => 1; }";

    [Theory]
    [InlineData("Other.cs", "static class K { public const int Steps = 5; public static int Unrelated() => 2; }", "")]
    [InlineData("Program.cs", "// A comment above.\n" + Program.Usings + Statements, "_Interceptors.g.cs")]
    [InlineData("Program.cs", Program.Usings + Statements + "\n// A comment below.", "_Interceptors.g.cs")]
    [InlineData("Other.cs", "static class K { public const int Steps = 6; public static int Unrelated() => 1; }", "Ddim6_*, _Interceptors.g.cs, _Registry.g.cs")]
    public void AnEditChangesTheFilesThatDependOnIt(string path, string text, string changed)
    {
        var program = new Program(("Program.cs", Program.Usings + Statements), ("Other.cs", Other));
        var driver = Program.Driver().RunGenerators(program.Compilation);
        var before = Program.Sources(driver);

        var edited = program.Compilation.ReplaceSyntaxTree(program.Compilation.SyntaxTrees.Single(tree => tree.FilePath == path), Program.Parse(path, text));
        driver = driver.RunGenerators(edited);
        var after = Program.Sources(driver);

        Assert.Equal(changed, string.Join(", ", after.Where(file => before.GetValueOrDefault(file.Key) != file.Value).Select(file => Shortened(file.Key)).Order(StringComparer.Ordinal)));
        var samplersChange = changed.Contains("Ddim", StringComparison.Ordinal);
        Assert.Equal(!samplersChange, Reasons(driver, "Specs").All(IsCached));
        Assert.Equal(!samplersChange, Reasons(driver, "Samplers").All(IsCached));
        Assert.Equal(changed.Length == 0, Reasons(driver, "Sites").All(IsCached));
    }

    [Fact]
    public void AConfigFileChangesTheSamplersThatDependOnIt()
    {
        var program = new Program(("Program.cs", Program.Usings + Statements), ("Other.cs", Other));
        var driver = Program.Driver().RunGenerators(program.Compilation);

        var other = driver.ReplaceAdditionalTexts(Checkpoints.With("large/text_encoder/config.json", """{ "hidden_size": 256 }""")).RunGenerators(program.Compilation);
        Assert.Equal([false], Reasons(other, "Files").Select(IsCached));
        Assert.All(Reasons(other, "Samplers"), reason => Assert.True(IsCached(reason)));

        var used = driver.ReplaceAdditionalTexts(Checkpoints.With("pixels/scheduler/scheduler_config.json", """{ "prediction_type": "sample" }""")).RunGenerators(program.Compilation);
        Assert.Contains(Reasons(used, "Samplers"), reason => !IsCached(reason));
        Assert.Contains(Program.Sources(used).Values, text => text.Contains("Ddim(4) linear(0.0001, 0.02, 1000) sample", StringComparison.Ordinal));
    }

    /// <summary>A syntax tree or symbol in a cached value keeps whole compilations alive and is equal to nothing.</summary>
    [Theory]
    [InlineData(typeof(SpecSite))]
    [InlineData(typeof(ModelFileSet))]
    [InlineData(typeof(Diffusion.Dsl.Emission.EmittedSampler))]
    public void WhatIsCachedIsPlainDataWithEquality(Type cached)
    {
        var reached = new HashSet<Type>();
        Reach(cached, reached);
        Assert.Contains(typeof(string), reached);
        Assert.DoesNotContain(reached, type => type.Assembly.GetName().Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal));
        Assert.All(reached, type => Assert.True(
            type.IsPrimitive || type.IsEnum || type.IsAbstract || type == typeof(string) || typeof(IEquatable<>).MakeGenericType(type).IsAssignableFrom(type),
            type + " has no equality of its own"));
    }

    [Fact]
    public void TheTestOfPlainDataFindsASymbol()
    {
        var reached = new HashSet<Type>();
        Reach(typeof(Tuple<EquatableArray<ISymbol>>), reached);
        Assert.Contains(typeof(ISymbol), reached);
    }

    // Functions are equal when method and target are; the generator reads none, a definition with one is the run time's.
    private static void Reach(Type type, HashSet<Type> reached)
    {
        if (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(EquatableArray<>) || type.GetGenericTypeDefinition() == typeof(Nullable<>)))
        {
            Reach(type.GetGenericArguments()[0], reached);
        }
        else if (reached.Add(type) && !type.IsPrimitive && !type.IsEnum && type != typeof(string) && type != typeof(Delegate))
        {
            var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Select(field => field.FieldType);
            var kinds = type.IsAbstract && type.Assembly == typeof(Pipeline).Assembly ? type.Assembly.GetTypes().Where(kind => kind.IsSubclassOf(type)) : [];
            foreach (var next in fields.Concat(kinds))
            {
                Reach(next, reached);
            }
        }
    }

    private static IncrementalStepRunReason[] Reasons(GeneratorDriver driver, string step) =>
        [.. driver.GetRunResult().Results.Single().TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason)];

    private static bool IsCached(IncrementalStepRunReason reason) => reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged;

    private static string Shortened(string file) => file.StartsWith('_') ? file : file.Split('_')[0] + "_*";
}
