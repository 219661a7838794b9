using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Dsl.Emission;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Sampling;
using Diffusion.Tests.Samplers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Generators;

public sealed partial class EmissionTests
{
    private static readonly NoiseSchedule[] Noises = [NoiseSchedule.Linear, NoiseSchedule.StableDiffusion];

    [Fact]
    public async Task TwoCallsGiveOneSamplerARegistryAndAnInterceptor()
    {
        var program = Program.Of("""
            var sd = Pretrained.From("models/shapes");
            var p = Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Guidance(Cfg(7.5));
            p.Scheduler(Ddim(4)).Compile();
            p.Scheduler(args.Length > 0 ? Ddim(4) : Ddpm(3)).Compile();
            p.Scheduler(Ddim(4)).Compile();
            """);
        program.Complete();
        await Verify(string.Join("\n", program.Generate().Where(file => file.Key[0] == '_').OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => "//////// " + file.Key + "\n" + WithoutLocations(file.Value))), "cs");
    }

    [Fact]
    public void WithoutThePropertyNothingIsIntercepted()
    {
        var program = Program.Of("Pipeline.From(new UnetModel(\"net\")).Scheduler(Ddim(4)).Compile();");
        Assert.Contains("_Interceptors.g.cs", program.Generate().Keys);
        Assert.DoesNotContain("_Interceptors.g.cs", program.Generate(new CSharpParseOptions(LanguageVersion.Latest)).Keys);
        Assert.Contains("_Registry.g.cs", program.Generate(new CSharpParseOptions(LanguageVersion.Latest)).Keys);
    }

    /// <summary>Law 4: the generator's text is the run-time compiler's, byte for byte, for every sampler with every guider and prediction.</summary>
    [Fact]
    public void TheGeneratorsTextIsTheRunTimeCompilers()
    {
        var samplers = Schedulers.All
            .SelectMany(entry => new[] { 1, 7 }.Select(steps => (Code: $"{entry.Name}({steps})", Value: entry.Create(steps))))
            .Append(("Ddim(7, eta: 0.5, spacing: TimestepSpacing.Trailing)", Ddim(7, eta: 0.5, spacing: TimestepSpacing.Trailing)))
            .Append(("Ddim(7, clamp: Clamp.None, stepsOffset: 1, setAlphaToOne: false)", Ddim(7, clamp: Clamp.None, stepsOffset: 1, setAlphaToOne: false)))
            .Append(("Ddpm(7, VarianceType.FixedLarge, Clamp.Dynamic(0.9, 1.5))", Ddpm(7, VarianceType.FixedLarge, Clamp.Dynamic(0.9, 1.5))));
        var guiders = Guiders.All.Select(guider => (Code: $".Text(text).Guidance({Code(guider)})", Values: new[] { guider })).Append((Code: "", Values: []));
        var cases =
            from sampler in samplers
            from prediction in Enum.GetValues<PredictionType>()
            where SpecCases.IsValid(sampler.Value, prediction)
            from guider in guiders
            let noise = Noises[(int)prediction % Noises.Length]
            where SpecCases.IsValid(sampler.Value, prediction) && SpecCases.Fits(sampler.Value, prediction, guider.Values.FirstOrDefault())
            select (
                Code: $"Pipeline.From(net).Scheduler({sampler.Code}).Noise({(noise == NoiseSchedule.Linear ? "NoiseSchedule.Linear" : "NoiseSchedule.StableDiffusion")}).Prediction(PredictionType.{prediction}){guider.Code}.Compile();",
                Definition: Pipeline.From(new UnetModel("net")).Scheduler(sampler.Value).Noise(noise).Prediction(prediction)
                    .WithTextModel(guider.Code.Length > 0 ? new TextModel("text") : null).WithGuiders(guider.Values));
        var all = cases.ToArray();
        var generated = Program.Of("var net = new UnetModel(\"net\"); var text = new TextModel(\"text\");\n" + string.Join("\n", all.Select(one => one.Code))).Generate();

        var expected = all
            .Select(one => Compiler.Compile(Resolution.ValidSpec(one.Definition, new ModelFacts(null, null, null, null))))
            .DistinctBy(emitted => emitted.Key)
            .ToDictionary(emitted => emitted.FileName, emitted => emitted.Text);
        Assert.True(expected.Count > 100);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), generated.Keys.Where(name => name[0] != '_').Order(StringComparer.Ordinal));
        Assert.All(expected, file => Assert.Equal(file.Value, generated[file.Key]));
    }

    [Fact]
    public void TheChecksOfACallAreMadeWithTheCheckpointsNoise() => Assert.Equal(
        ["Ddim(4) squaredcos_cap_v2(0.0001, 0.02, 1000) epsilon"],
        Program.Of("Pipeline.From(Pretrained.From(\"models\\\\pixels\").Unet).Scheduler(Ddim(4)).Compile();").Keys());

    [Fact]
    public void TheCompiledProgramRunsTheGeneratedSampler()
    {
        Assert.Equal((Origin.BuildTime, true), Run("Pipeline.From(new UnetModel(\"net\")).Scheduler(Ddim(4)).Compile()"));
        Assert.Equal((Origin.BuildTime, true), Run("Pipeline.From(new UnetModel(\"net\")).Scheduler(System.Environment.ProcessId > 0 ? Ddim(6) : Ddim(5)).Compile()"));
    }

    /// <summary>The generator works on this very project, through the files of MSBuild that users get: nothing in memory here.</summary>
    [Fact]
    public void ACallOfThisProjectIsIntercepted()
    {
        Assert.Equal(Origin.BuildTime, Pipeline.From(new UnetModel("no-files")).Scheduler(Ddim(12)).Compile().Origin);
        Assert.Equal(Origin.BuildTime, Pipeline.From(Pretrained.From("models/digits").Unet).Scheduler(Ddim(13)).Compile().Origin);
    }

    [Fact]
    public void AMethodGroupFindsTheGeneratedSamplerByItsKey() =>
        Assert.Equal((Origin.Registry, true), Run("((System.Func<Diffusion.Runtime.Compilation.CompiledPipeline>)Pipeline.From(new UnetModel(\"net\")).Scheduler(Ddim(8)).Compile)()", "Pipeline.From(new UnetModel(\"net\")).Scheduler(Ddim(8)).Compile()"));

    // The checkpoint "pixels" has a cosine schedule in the files that the compiler was given, and no files at all when the program runs.
    [Fact]
    public void AGuessThatIsWrongAtRunTimeIsNotUsed()
    {
        SamplerRegistry.Register("Ddim(97) linear(0.0001, 0.02, 1000) epsilon", () => new Stub());
        Assert.Equal((Origin.Registry, false), Run("Pipeline.From(Pretrained.From(\"models/pixels\").Unet).Scheduler(Ddim(97)).Compile()"));
    }

    private static (Origin Origin, bool IsGenerated) Run(string expression, string other = "null")
    {
        var program = Program.Of("return;", $"public static class Probe {{ public static object Run() {{ _ = new object?[] {{ {other} }}; return {expression}; }} }}");
        using var stream = new MemoryStream();
        var emitted = program.Complete().Emit(stream);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        var context = new AssemblyLoadContext("UserProgram", isCollectible: true);
        stream.Position = 0;
        var compiled = (CompiledPipeline)context.LoadFromStream(stream).GetType("Probe")!.GetMethod("Run")!.Invoke(null, null)!;
        return (compiled.Origin, compiled.Sampler.GetType().Assembly.GetName().Name == "UserProgram");
    }

    /// <summary>A guider as it is written in C#: an interval prints as <c>0.2...0.8</c>, a network as <c>"folder".Unet</c>.</summary>
    private static string Code(Guider guider) => Network().Replace(Interval().Replace(guider.ToString(), "Interval($1, $2)"), "new UnetModel($1)");

    private static string WithoutLocations(string text) => Location().Replace(text, "InterceptsLocation($1, \"…\")");

    [GeneratedRegex(@"([0-9.E-]+)\.\.\.([0-9.E-]+)")]
    private static partial Regex Interval();

    [GeneratedRegex("(\"[^\"]*\")\\.Unet")]
    private static partial Regex Network();

    [GeneratedRegex("InterceptsLocation\\((\\d+), \"[^\"]*\"\\)")]
    private static partial Regex Location();

    private sealed class Stub : Sampler
    {
        public override IEnumerable<SamplingStep> Sample(SamplingRun run) => [];
    }
}
