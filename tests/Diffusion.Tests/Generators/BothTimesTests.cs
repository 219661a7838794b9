using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;

namespace Diffusion.Tests.Generators;

/// <summary>One program with checkpoints in a folder: what the build says of it with the folder's files, and what happens when it runs beside them.</summary>
public sealed class BothTimesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("both-times-").FullName.Replace('\\', '/');

    public BothTimesTests() => Checkpoints.Write(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task EveryErrorOfTheBuildIsThrownByCompileInTheSameWords()
    {
        var mistakes = Mistakes.All.Where(mistake => mistake.Id != Rules.DuplicateStage.Id && Rules.All.Single(rule => rule.Id == mistake.Id).Severity == RuleSeverity.Error).ToArray();
        var program = Probe([.. mistakes.Select(mistake => mistake.Bad)]);
        var found = (await program.Analyze()).ToLookup(diagnostic => diagnostic.Location.GetLineSpan().StartLinePosition.Line, diagnostic => diagnostic.Id + ": " + diagnostic.GetMessage(null));
        var first = found.Min(line => line.Key);
        var probes = Loaded(program);

        Assert.Equal(mistakes.Length, found.Count);
        for (var i = 0; i < mistakes.Length; i++)
        {
            var error = Assert.IsType<DiffusionException>(Assert.Throws<TargetInvocationException>(() => probes.GetMethod("Run" + i)!.Invoke(null, null)).InnerException);
            Assert.Equal(found[first + i].Order(), error.Findings.Select(finding => finding.ToString()).Order());
            Assert.StartsWith(mistakes[i].Id, Assert.Single(found[first + i]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void TheSamplerOfTheBuildHasTheCheckpointsNoiseAndPredictionAndIsTaken()
    {
        var program = Probe(["Pipeline.From(of(\"clear\").Unet).Scheduler(Ddim(11))", "Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Scheduler(Ddim(11))", "Pipeline.From(of(\"flow\").Unet).Scheduler(FlowEuler(11))", "Pipeline.From(net).Scheduler(Ddim(11)).Guidance(Pag(3), Autoguidance(net, 2))"]);
        string[] keys =
        [
            "Ddim(11) linear(0.0001, 0.02, 1000) sample",
            "Ddim(11, clamp: none) scaled_linear(0.00085, 0.012, 1000) epsilon text",
            "FlowEuler(11, shift: 3) linear(0.0001, 0.02, 1000) flow_prediction",
            "Ddim(11) squaredcos_cap_v2(0.0001, 0.02, 1000) epsilon Pag(3) Autoguidance(2)",
        ];
        var probes = Loaded(program);

        Assert.Equal(keys.Order(StringComparer.Ordinal), program.Keys());
        Assert.Equal(keys.Select(key => (key, Origin.BuildTime)), Enumerable.Range(0, keys.Length).Select(i => Run(probes, i)));
    }

    [Fact]
    public void AFolderThatSaysOtherwiseThanTheBuildKnewIsCompiledAtRunTime()
    {
        var probes = Loaded(Probe(["Pipeline.From(net).Scheduler(Ddim(13))"]));
        Assert.Equal(("Ddim(13) squaredcos_cap_v2(0.0001, 0.02, 1000) epsilon", Origin.BuildTime), Run(probes, 0));

        File.WriteAllText(Path.Combine(_folder, "models/pixels/scheduler/scheduler_config.json"), """{ "_class_name": "DDPMScheduler", "beta_schedule": "squaredcos_cap_v2", "prediction_type": "v_prediction" }""");
        var other = Run(probes, 0);
        RemoveFromTheCache("Ddim13_");

        Assert.Equal(("Ddim(13) squaredcos_cap_v2(0.0001, 0.02, 1000) v_prediction", Origin.RunTime), other);
    }

    // A call without options uses the cache of the user, in which a test leaves nothing.
    private static void RemoveFromTheCache(string name)
    {
        var folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "Diffusion.Dsl", "samplers");
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, name + "*") : [])
        {
            File.Delete(file);
        }
    }

    /// <summary>A program with a method for each definition, each on a line; the names of models are those of the folder.</summary>
    private Program Probe(string[] definitions)
    {
        var members = definitions.Select((definition, i) => $"public static object Run{i}() => {definition.Replace("\"models/", "\"" + _folder + "/models/", StringComparison.Ordinal)}.Compile();");
        return Program.Of(
            "return;",
            "public static class Probe {\n"
                + $"static Pretrained of(string name) => Pretrained.From(\"{_folder}/models/\" + name); static Pretrained sd => of(\"shapes\"); static UnetModel net => of(\"pixels\").Unet;\n"
                + string.Join("\n", members) + "\n}",
            Checkpoints.In(_folder));
    }

    private static Type Loaded(Program program)
    {
        using var stream = new MemoryStream();
        var emitted = program.Complete().Emit(stream);
        Assert.True(emitted.Success, string.Join("\n", emitted.Diagnostics));
        stream.Position = 0;
        return new AssemblyLoadContext("UserProgram", isCollectible: true).LoadFromStream(stream).GetType("Probe")!;
    }

    private static (string Key, Origin Origin) Run(Type probes, int number)
    {
        var compiled = (CompiledPipeline)probes.GetMethod("Run" + number)!.Invoke(null, null)!;
        return (compiled.Spec.Key, compiled.Origin);
    }
}
