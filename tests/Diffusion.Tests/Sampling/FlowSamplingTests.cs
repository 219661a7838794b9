using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using TorchSharp;
using static Diffusion.Dsl.Schedulers;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Tests.Sampling;

/// <summary>Timesteps that are not whole, from the plan to a UNet and back to who watches.</summary>
public class FlowSamplingTests
{
    private static readonly UNet2DConfig Config = new(
        InChannels: 1,
        OutChannels: 1,
        DownBlockTypes: EquatableArray.Of("DownBlock2D", "DownBlock2D"),
        UpBlockTypes: EquatableArray.Of("UpBlock2D", "UpBlock2D"),
        BlockOutChannels: EquatableArray.Of(8, 16),
        LayersPerBlock: 1,
        NormNumGroups: 4);

    public static TheoryData<string> Samplers => [.. Fractional.Keys];

    private static Dictionary<string, Scheduler> Fractional { get; } = new Scheduler[]
    {
        FlowEuler(6, shift: 3), FlowHeun(4, shift: 3), FlowHeun(6, sChurn: 1), ConsistencyModel(3), Euler(5, SigmaSchedule.Karras()),
    }.ToDictionary(sampler => sampler.ToString());

    [Theory]
    [MemberData(nameof(Samplers))]
    public void PreparedTimesThatAreNotWholeGiveWhatPlainOnesGive(string name)
    {
        var compiled = Compiled(Fractional[name]);
        Assert.Contains(Evaluations(compiled), evaluation => evaluation.Timestep != Math.Round(evaluation.Timestep));
        using var prepared = new UNet2DNetwork(UNet2DModel.FromConfig(Config, 3));
        prepared.Prepare(Evaluations(compiled).Select(evaluation => evaluation.Timestep).ToArray());
        using var plain = new UNet2DNetwork(UNet2DModel.FromConfig(Config, 3));
        using var whole = new WholeTimes(UNet2DModel.FromConfig(Config, 3));

        var expected = Sampled(compiled, plain);
        Assert.InRange(Distance(expected, Sampled(compiled, prepared)), 0, 1e-5);
        Assert.InRange(Distance(expected, Sampled(compiled, whole)), 1e-4, double.PositiveInfinity); // the fraction counts
    }

    [Fact]
    public void EveryTimestepOfAPlanIsFoundAmongThePreparedOnes()
    {
        foreach (var sampler in Fractional.Values)
        {
            var compiled = Compiled(sampler);
            var seen = new Told();
            using var run = compiled.Load(seen);
            run.Generate();
            Assert.Equal(Evaluations(compiled).Select(evaluation => evaluation.Timestep), seen.Asked);
            Assert.Empty(seen.Asked.Except(seen.Prepared));
        }
    }

    [Fact]
    public async Task AStreamShowsTimestepsAsTheyAre()
    {
        using var run = Compiled(FlowEuler(4, shift: 3)).Load(new UNet2DNetwork(UNet2DModel.FromConfig(Config, 3)));
        var steps = new List<StreamedStep>();
        await foreach (var step in run.Stream(seed: 5))
        {
            steps.Add(step);
        }

        Assert.Equal([1000, 857.6923, 602.1506, 8.9286], steps.Select(step => step.Timestep), (one, other) => Math.Abs(one - other) < 1e-3);
        Assert.Equal(steps[^1].X, steps[^1].X0); // the last step ends at the clean sample
        Assert.Equal(run.Generate(seed: 5), steps[^1].X);
    }

    private static CompiledPipeline Compiled(Scheduler sampler) =>
        Pipeline.From(UnetModel.Custom("a test", new UnetFacts(1, 1, 8, 8))).Scheduler(sampler).Compile(CompileOptions.Default.WithCacheDirectory(""));

    private static EvaluateOp[] Evaluations(CompiledPipeline compiled) => compiled.Plan.Steps.SelectMany(step => step.Ops).OfType<EvaluateOp>().ToArray();

    private static float[] Sampled(CompiledPipeline compiled, INetwork network)
    {
        using var guard = torch.no_grad();
        using var noise = new SeededNoise([8]);
        using var run = new SamplingRun(network, noise, [1, 1, 8, 8]);
        _ = compiled.Sampler.Sample(run).Count();
        return run.X.data<float>().ToArray();
    }

    private static double Distance(float[] one, float[] other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max() / Math.Max(1, one.Max(Math.Abs));

    /// <summary>A UNet that is told whole timesteps only.</summary>
    private sealed class WholeTimes(UNet2DModel model) : INetwork
    {
        public void Prepare(IReadOnlyList<double> timesteps)
        {
        }

        public Tensor Predict(Tensor x, double timestep, Conditioning conditioning) => model.forward(x, torch.tensor((long)timestep), null);

        public void Dispose() => model.Dispose();
    }

    /// <summary>A network that writes down what it is told.</summary>
    private sealed class Told : INetwork
    {
        public IReadOnlyList<double> Prepared { get; private set; } = [];

        public List<double> Asked { get; } = [];

        public void Prepare(IReadOnlyList<double> timesteps) => Prepared = timesteps;

        public Tensor Predict(Tensor x, double timestep, Conditioning conditioning)
        {
            Asked.Add(timestep);
            return torch.zeros_like(x);
        }

        public void Dispose()
        {
        }
    }
}
