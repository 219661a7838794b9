using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Sampling;

/// <summary>Pipelines on networks that are told a class.</summary>
public sealed class ClassPipelineTests : IDisposable
{
    private static readonly UNet2DConfig Tiny = new(
        SampleSize: EquatableArray.Of(8),
        InChannels: 1,
        OutChannels: 1,
        DownBlockTypes: EquatableArray.Of("DownBlock2D"),
        UpBlockTypes: EquatableArray.Of("UpBlock2D"),
        BlockOutChannels: EquatableArray.Of(8),
        LayersPerBlock: 1,
        NormNumGroups: 4);

    private readonly string _folder = Directory.CreateTempSubdirectory("class-pipeline").FullName;

    public ClassPipelineTests()
    {
        using var planes = ClassConditionedUNet.FromConfig(new ClassConditionedUNetConfig(Tiny, Classes: 3).WithNullClass(), seed: 1);
        planes.SavePretrained(Path.Combine(_folder, "planes", "unet"));
        using var table = UNet2DModel.FromConfig(Tiny with { NumClassEmbeds = 4 }, seed: 1);
        table.SavePretrained(Path.Combine(_folder, "table", "unet"));
        using var plain = UNet2DModel.FromConfig(Tiny, seed: 1);
        plain.SavePretrained(Path.Combine(_folder, "plain", "unet"));
    }

    [Theory]
    [InlineData("planes", CompileMode.Automatic)]
    [InlineData("table", CompileMode.Automatic)]
    [InlineData("planes", CompileMode.Interpreter)]
    public void TheLabelReachesTheNetworkAtEveryStep(string kind, CompileMode mode)
    {
        using var run = Load(kind, pipeline => pipeline, mode);
        using var byHand = Load(kind, new OneLabel(Path.Combine(_folder, kind), (u, c) => c, label: 2, nullLabel: 3));

        Near(byHand.Generate(count: 3, seed: 5), run.Generate(label: 2, count: 3, seed: 5));
        Assert.NotEqual(run.Generate(label: 1, seed: 5)[0], run.Generate(label: 2, seed: 5)[0]);
        Assert.EndsWith(" classes", run.Compiled.Spec.Key, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("planes", 3)]
    [InlineData("planes", 0)]
    [InlineData("table", 3)]
    public void GuidanceGoesFromNoLabelTowardsTheLabel(string kind, double w)
    {
        using var run = Load(kind, pipeline => Told(pipeline, kind).Guidance(Cfg(w)));
        using var byHand = Load(kind, new OneLabel(Path.Combine(_folder, kind), (u, c) => u + (w * (c - u)), label: 2, nullLabel: 3));

        Near(byHand.Generate(count: 3, seed: 5), run.Generate(label: 2, count: 3, seed: 5));
        Assert.EndsWith(FormattableString.Invariant($" classes Cfg({w})"), run.Compiled.Spec.Key, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryPictureHasItsLabelWhateverTheBatchAndTheThread()
    {
        using var run = Load("planes", pipeline => pipeline.Guidance(Cfg(2)));
        int[] labels = [2, 0, 3, 1, 1];
        var expected = labels.Select((label, i) => run.Generate(label: label, seed: 10 + i)[0]).ToArray();
        var actual = new Image[5];
        Parallel.For(0, 5, i => actual[i] = run.Generate(label: labels[i], seed: 10 + i)[0]);

        Assert.Equal(expected, actual);
        Assert.Equal(expected, run.Generate(labels, seed: 10, batch: 1));
        Near(expected, run.Generate(labels, seed: 10, batch: 2));
        Near(expected, run.Generate(labels, seed: 10));
    }

    [Fact]
    public async Task StreamsAndPicturesToStartFromHaveLabels()
    {
        using var run = Load("planes", pipeline => pipeline);
        var last = default(StreamedStep);
        await foreach (var step in run.Stream(count: 2, seed: 1, label: 2))
            last = step;

        Assert.Equal(run.Generate(label: 2, count: 2, seed: 1), last!.X);
        Assert.Equal(last.X, await run.GenerateAsync(label: 2, count: 2, seed: 1));
        using var later = Load("planes", pipeline => pipeline.StartAt(2));
        Assert.NotEqual(later.GenerateFrom([last.X[0]], label: 0)[0], later.GenerateFrom([last.X[0]], label: 2)[0]);
        Assert.Equal("DIF0411", Assert.Throws<DiffusionException>(() => later.GenerateFrom([last.X[0]])).Id);
    }

    [Fact]
    public void LabelsThatDoNotFitAreOneSentence()
    {
        using var planes = Load("planes", pipeline => pipeline);
        using var table = Load("table", pipeline => pipeline);
        using var plain = Load("plain", pipeline => pipeline);

        Assert.Equal("DIF0411: class labels are missing, and this model is conditioned on classes; give label: 0 to 3, or one for each picture", Error(() => planes.Generate()));
        Assert.Equal("DIF0411: class labels are given, and this model has no classes; leave them out", Error(() => plain.Generate(label: 0)));
        Assert.Equal("DIF0412: label holds 7, and this model has 3 classes and the null class 3; choose 0 to 3", Error(() => planes.Generate([0, 7])));
        Assert.Equal("DIF0412: label holds -1, and this model has 4 classes; choose 0 to 3", Error(() => table.Generate(label: -1)));
        Assert.StartsWith("DIF0105", Error(() => planes.Generate(System.Array.Empty<int>())), StringComparison.Ordinal);
        Assert.Equal(
            "DIF0310: the guider Cfg(3) compares predictions with and without a label, but the UNet of table/unet/config.json knows 4 classes and no null class; train it with one, or remove Cfg",
            Error(() => Load("table", pipeline => pipeline.Guidance(Cfg(3)))).Replace(Path.Combine(_folder, "table"), "table", StringComparison.Ordinal));
        Assert.StartsWith("DIF0301", Error(() => Load("plain", pipeline => pipeline.Guidance(Cfg(3)))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("planes", "diffusion_dsl", "ClassConditionedUNet")]
    [InlineData("table", "diffusers", "UNet2DModel")]
    public void ASavedPipelineIsReadBack(string kind, string library, string className)
    {
        var saved = Path.Combine(_folder, "saved");
        using var run = Load(kind, pipeline => pipeline);
        run.SavePretrained(saved);
        using var read = Pipeline.From(Pretrained.From(saved).Unet).Scheduler(Ddim(4)).Compile(NoCache).Load();

        Assert.Equal(run.Generate(label: 1, seed: 3), read.Generate(label: 1, seed: 3));
        var index = JsonValue.Parse(File.ReadAllText(Path.Combine(saved, "model_index.json")), "model_index.json");
        Assert.Equal([library, className], index["unet"].Items.Select(item => item.AsString()));
    }

    [Fact]
    public void ANetworkTheProgramBringsIsToldLabels()
    {
        var facts = new UnetFacts(1, 1, 8, 8).WithClasses(5, nullClass: 9);
        var network = new Listener();
        using var run = Pipeline.From(UnetModel.Custom("mine", facts)).Scheduler(Ddim(2)).Guidance(Cfg(2)).Compile(NoCache).Load(network);
        run.Generate([4, 9]);

        Assert.Equal([new Conditions(EquatableArray.Of(4, 9), 9), new Conditions(EquatableArray.Of(4, 9), 9)], network.Told);
    }

    [Fact]
    public void LabelRowsFollowTheConditioning()
    {
        var conditions = Conditions.None.WithLabels(EquatableArray.Of(4, 2)).WithNullLabel(9);

        Assert.Null(Conditions.None.LabelRows(Conditioning.Both, CPU));
        Assert.Equal([4, 2], Rows(conditions, Conditioning.Conditional));
        Assert.Equal([9, 9], Rows(conditions, Conditioning.Unconditional));
        Assert.Equal([9, 9, 4, 2], Rows(conditions, Conditioning.Both));
        Assert.Equal([4, 2, 4, 2], Rows(conditions.WithNullLabel(null), Conditioning.Both));

        static long[] Rows(Conditions conditions, Conditioning conditioning)
        {
            using var rows = conditions.LabelRows(conditioning, CPU)!;
            return rows.data<long>().ToArray();
        }
    }

    [Fact]
    public void ClassesAreExplained()
    {
        var pipeline = Pipeline.From(Pretrained.From(Path.Combine(_folder, "planes")).Unet).Scheduler(Ddim(4));

        Assert.Contains("classes", pipeline.Explain(), StringComparison.Ordinal);
        Assert.Contains("0 to 2, and 3 for no label", pipeline.Explain(), StringComparison.Ordinal);
        Assert.DoesNotContain("classes", Pipeline.From(Pretrained.From(Path.Combine(_folder, "plain")).Unet).Scheduler(Ddim(4)).Explain(), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static CompileOptions NoCache => CompileOptions.Default.WithCacheDirectory("");

    private static string Error(Action call) => Assert.Throws<DiffusionException>(call).Message;

    // A table whose last class means «no label»: nothing in the file says so, the definition does.
    private static Pipeline Told(Pipeline pipeline, string kind) =>
        kind == "table" ? pipeline.Unet(pipeline.UnetModel!.WithFacts(new UnetFacts(1, 1, 8, 8).WithClasses(3, nullClass: 3))) : pipeline;

    private LoadedPipeline Load(string kind, Func<Pipeline, Pipeline> with, CompileMode mode = CompileMode.Automatic) =>
        with(Pipeline.From(Pretrained.From(Path.Combine(_folder, kind)).Unet).Scheduler(Ddim(4))).Compile(NoCache.WithMode(mode)).Load();

    private LoadedPipeline Load(string kind, OneLabel network) =>
        Pipeline.From(UnetModel.Custom(kind, new UnetFacts(1, 1, 8, 8))).Scheduler(Ddim(4)).Compile(NoCache).Load(network);

    private static void Near(IEnumerable<Image> expected, IEnumerable<Image> actual)
    {
        using var difference = Image.ToBatch(expected.ToArray()) - Image.ToBatch(actual.ToArray());
        using var greatest = difference.abs().max();
        Assert.InRange(greatest.item<float>(), 0, 2.01f / 255); // one level of grey, where a number lies between two
    }

    /// <summary>An unconditional network that is a conditional one at a fixed label: what sampling with that label has to give.</summary>
    private sealed class OneLabel(string folder, Func<Tensor, Tensor, Tensor> guide, long label, long nullLabel) : INetwork
    {
        private readonly nn.Module _model = Path.GetFileName(folder) == "planes" ? ClassConditionedUNet.FromPretrained(folder) : UNet2DModel.FromPretrained(folder);

        public void Prepare(IReadOnlyList<double> timesteps)
        {
        }

        public Tensor Predict(Tensor x, double timestep, Conditioning conditioning)
        {
            using var scope = NewDisposeScope();

            return guide(One(x, timestep, nullLabel), One(x, timestep, label)).MoveToOuterDisposeScope();
        }

        public void Dispose() => _model.Dispose();

        private Tensor One(Tensor x, double timestep, long label) => _model is ClassConditionedUNet planes
            ? planes.forward(x, tensor((float)timestep), tensor(label))
            : ((UNet2DModel)_model).forward(x, tensor((float)timestep), tensor(label).expand(x.shape[0]));
    }

    private sealed class Listener : INetwork
    {
        public List<Conditions> Told { get; } = [];

        public void Prepare(IReadOnlyList<double> timesteps)
        {
        }

        public Tensor Predict(Tensor x, double timestep, Conditioning conditioning) => zeros_like(x);

        public Tensor Predict(Tensor x, double timestep, Conditioning conditioning, Conditions conditions)
        {
            Told.Add(conditions);

            return cat([x, x], 0);
        }

        public void Dispose()
        {
        }
    }
}
