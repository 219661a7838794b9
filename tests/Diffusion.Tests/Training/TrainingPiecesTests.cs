using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using AdamW = Diffusion.Runtime.Training.AdamW;

namespace Diffusion.Tests.Training;

public sealed class TrainingPiecesTests
{
    [Fact]
    public void TheCosineScheduleEqualsDiffusers()
    {
        var recorded = Golden("lr_schedules")["cases"].Items.Single(item => item["name"].AsString() == "cosine");
        var schedule = new CosineSchedule(recorded["base_lr"].AsDouble(), recorded["args"]["num_warmup_steps"].AsInt(), recorded["args"]["num_training_steps"].AsInt());
        Assert.NotEmpty(recorded["lr_at_step"].Items);

        // diffusers goes on with the cosine behind the last training step; this one stays at 0.
        for (var step = 0; step < recorded["lr_at_step"].Items.Count; step++)
            Assert.Equal(step < schedule.TotalSteps ? recorded["lr_at_step"].Items[step].AsDouble() : 0, schedule.At(step), tolerance: 1e-15);
    }

    [Fact]
    public void TheAverageEqualsDiffusers()
    {
        using var scope = NewDisposeScope();
        var recorded = Golden("ema")["cases"].Items[0];
        using var model = new Holder(Floats(recorded["initial"]));
        using var average = new ExponentialMovingAverage(model, recorded["args"]["decay"].AsDouble());
        foreach (var step in recorded["steps"].Items)
        {
            model.Set(Floats(step["param"]));
            average.Update();
            Assert.Equal(step["decay_used"].AsDouble(), ExponentialMovingAverage.DecayAt(average.Updates, average.Decay), tolerance: 1e-12);
            Assert.All(average.Shadow["values"].data<float>().ToArray().Zip(Floats(step["shadow"])), pair => Assert.Equal(pair.Second, pair.First, tolerance: 1e-6f));
        }

        average.CopyTo(model);
        Assert.Equal(average.Shadow["values"].data<float>().ToArray(), model.Values);
    }

    [Fact]
    public void AdamWEqualsTorchSharps()
    {
        using var scope = NewDisposeScope();
        using var ours = new Holder([1, -2, 3]);
        using var theirs = new Holder([1, -2, 3]);
        using var optimizer = new AdamW(ours, weightDecay: 0.1);
        using var reference = optim.AdamW(theirs.parameters(), lr: 0.03, weight_decay: 0.1);
        var target = tensor(new[] { 0.5f, 2, -1 });
        for (var step = 0; step < 20; step++)
        {
            ours.Loss(target).backward();
            optimizer.Step(0.03);
            reference.zero_grad();
            theirs.Loss(target).backward();
            reference.step();
            Assert.All(ours.Values.Zip(theirs.Values), pair => Assert.Equal(pair.Second, pair.First, tolerance: 1e-6f));
        }

        Assert.NotEqual(1, ours.Values[0]);
        Assert.Equal(20, optimizer.Steps);
    }

    [Fact]
    public void AStepWithoutAGradientChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var model = new Holder([1, 2]);
        using var optimizer = new AdamW(model);
        model.Loss(zeros(2)).backward();
        optimizer.Step(0.1);
        var values = model.Values;
        optimizer.Step(0.1);
        Assert.Equal(values, model.Values);
    }

    [Fact]
    public void AnExactNetworkHasNoLoss()
    {
        using var scope = NewDisposeScope();
        using var objective = new EpsilonObjective([0.9, 0.5, 0.1]);
        using var random = new Generator(1);
        var clean = randn(16, 1, 4, 4);
        var alphaBar = tensor(new[] { 0.9, 0.5, 0.1 });
        var seen = zeros(0, dtype: ScalarType.Int64);
        var loss = objective.Loss(
            (noisy, timesteps) =>
            {
                seen = timesteps;
                var a = alphaBar[timesteps].view(-1, 1, 1, 1);
                return ((noisy - a.sqrt() * clean) / (1 - a).sqrt()).to(ScalarType.Float32);
            },
            clean,
            random);
        Assert.Equal(0, loss.item<float>(), tolerance: 1e-10f);
        Assert.Equal([0L, 1, 2], seen.data<long>().ToArray().Distinct().Order());
    }

    private static JsonValue Golden(string name) => JsonValue.Parse(File.ReadAllText(Repository.PathOf($"tests/Diffusion.Tests/Golden/training/{name}.json")), name);

    private static float[] Floats(JsonValue array) => array.Items.Select(item => (float)item.AsDouble()).ToArray();
}
