using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Sampling;
using Diffusion.Tests.Samplers;
using TorchSharp;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Sampling;

public class BrownianNoiseTests
{
    private static readonly JsonValue Recorded = JsonValue.Parse(File.ReadAllText(Repository.PathOf("tests/Diffusion.Tests/Golden/brownian/torchsde.json")), "torchsde.json");

    [Theory]
    [InlineData("trees")]
    [InlineData("runs")]
    public void TheNoiseIsThatOfPython(string kind)
    {
        foreach (var golden in Recorded[kind].Items)
        {
            var shape = golden["shape"].Items.Select(size => size.AsLong()).ToArray();
            using var noise = new BrownianNoise([golden["seed"].AsLong()], golden["sigma_min"].AsDouble(), golden["sigma_max"].AsDouble());
            foreach (var span in golden["spans"].Items)
            {
                var actual = Drawn(noise, shape, span["from"].AsDouble(), span["to"].AsDouble());
                var expected = span["noise"].Items.Select(value => (float)value.AsDouble()).ToArray();
                // Equal bit for bit where the processor is like the recording's: torch draws normals with vector instructions.
                Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6f * Math.Max(1, Math.Abs(pair.First))));
            }
        }
    }

    [Fact]
    public void TheSamplerAsksForThePartsThatPythonAsksFor()
    {
        foreach (var golden in Recorded["runs"].Items)
        {
            var karras = golden["scheduler"]["use_karras_sigmas"].AsBoolean();
            var sampler = DpmSolverSde(golden["steps"].AsInt(), karras ? SigmaSchedule.Karras() : null).Resolve(SchedulerConfig.Default);
            var noise = new NoiseSchedule(BetaSchedule.ScaledLinear, 0.00085, 0.012, 1000);
            var spans = sampler.Derive(noise, PredictionType.Epsilon).Steps.SelectMany(step => step.Ops).OfType<AffineOp>().Select(op => op.Span).OfType<NoiseSpan>().ToArray();
            var expected = golden["spans"].Items;
            Assert.Equal(expected.Count, spans.Length);
            foreach (var (span, recorded) in spans.Zip(expected))
            {
                // exp and log in float32 may differ in the last digit between libraries.
                Assert.Equal(1, span.From / recorded["from"].AsDouble(), 3e-7);
                Assert.Equal(1, span.To / recorded["to"].AsDouble(), 3e-7);
            }
        }
    }

    [Fact]
    public void ASeedMeansOnePathWhateverTheStepsAndTheOrder()
    {
        using var noise = new BrownianNoise([5], 0.03, 14.6);
        long[] shape = [1, 3, 8, 8];
        double[] cuts = [14.6, 9.3, 4.1, 2.2, 0.7, 0.03];
        var whole = Drawn(noise, shape, 14.6, 0.03);
        var parts = cuts.Zip(cuts.Skip(1)).Reverse().Select(part => Drawn(noise, shape, part.First, part.Second).Select(z => z * Math.Sqrt(part.First - part.Second)).ToArray()).ToArray();
        for (var i = 0; i < whole.Length; i++)
        {
            Assert.Equal(whole[i] * Math.Sqrt(14.6 - 0.03), parts.Sum(part => part[i]), 2e-5);
        }

        using var again = new BrownianNoise([5], 0.03, 14.6);
        Assert.Equal(Drawn(noise, shape, 9.3, 4.1), Drawn(again, shape, 9.3, 4.1));
    }

    [Fact]
    public void PartsAreStandardNormalAndIndependent()
    {
        using var noise = new BrownianNoise([1], 0.03, 14.6);
        long[] shape = [1, 4, 64, 64];
        var (early, late) = (Drawn(noise, shape, 14.6, 5), Drawn(noise, shape, 5, 0.4));
        foreach (var part in new[] { early, late, Drawn(noise, shape, 0.0312, 0.0301) })
        {
            // 16384 values: the mean is off by 0.008 and the variance by 0.011, one deviation each.
            Assert.Equal(0, part.Average(z => (double)z), 0.035);
            Assert.Equal(1, part.Average(z => (double)z * z), 0.05);
        }

        Assert.Equal(0, early.Zip(late).Average(pair => (double)pair.First * pair.Second), 0.035);
    }

    [Fact]
    public void APicturesPathDoesNotDependOnItsBatch()
    {
        using var batch = new BrownianNoise([3, 4], 0.1, 10);
        using var alone = new BrownianNoise([4], 0.1, 10);
        var both = Drawn(batch, [2, 3, 4, 4], 5, 2);
        Assert.Equal(both[48..], Drawn(alone, [1, 3, 4, 4], 5, 2));
        Assert.NotEqual(both[..48], both[48..]);
        using var run = Load(DpmSolverSde(4));
        Assert.Equal(run.Generate(count: 2, seed: 6)[1], run.Generate(seed: 7)[0]);
    }

    [Fact]
    public void APartWithoutLengthOrOutsideThePathIsZero()
    {
        using var noise = new BrownianNoise([1], 0.1, 10);
        Assert.All(Drawn(noise, [1, 1, 2, 2], 5, 5), z => Assert.Equal(0, z));
        Assert.All(Drawn(noise, [1, 1, 2, 2], 12, 11), z => Assert.Equal(0, z));
    }

    [Fact]
    public void TheDefinitionChoosesThePathOrPlainNoise()
    {
        INoiseSource For(Scheduler sampler) => NoiseSources.For(Planner.Plan(SpecCases.Spec(sampler, PredictionType.Epsilon, null)), [8], torch.CPU);
        using var path = For(DpmSolverSde(5));
        using var seeded = For(DpmSolverSde(5, noiseSamplerSeed: 2));
        using var plain = For(DpmSolverSde(5, brownian: false));
        using var euler = For(Euler(5));
        Assert.IsType<BrownianNoise>(path);
        Assert.IsType<SeededNoise>(plain);
        Assert.IsType<SeededNoise>(euler);
        using var two = new BrownianNoise([2], 0.01000133, 157.40726);
        Assert.Equal(Drawn(two, [1, 1, 4, 4], 100, 3), Drawn(seeded, [1, 1, 4, 4], 100, 3));
        Assert.NotEqual(Drawn(path, [1, 1, 4, 4], 100, 3), Drawn(seeded, [1, 1, 4, 4], 100, 3));
    }

    private static float[] Drawn(INoiseSource noise, long[] shape, double from, double to)
    {
        using var drawn = noise.Draw(shape, from, to);
        Assert.Equal(shape, drawn.shape);
        return drawn.data<float>().ToArray();
    }

    private static LoadedPipeline Load(Scheduler sampler) => Pipeline.From(UnetModel.Custom("a test", new UnetFacts(3, 3, 8, 8)))
        .Scheduler(sampler).Compile(CompileOptions.Default.WithCacheDirectory("")).Load(new RandomNetwork());
}
