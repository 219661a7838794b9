using System.Linq;
using Diffusion.Runtime.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using AdamW = Diffusion.Runtime.Training.AdamW;

namespace Diffusion.Tests.Training;

public sealed class TrainingPiecesTests
{
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
}
