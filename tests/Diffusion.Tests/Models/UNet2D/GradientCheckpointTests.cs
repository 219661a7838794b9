using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Models;

public sealed class GradientCheckpointTests
{
    private static readonly UNet2DConfig Tiny = TinyUNet.Config;

    public static TheoryData<string> Kinds => new("plain", "dropout", "scale and shift", "resnet resampling", "skip blocks", "course");

    [Theory]
    [MemberData(nameof(Kinds))]
    public void GradientsAreTheSame(string kind)
    {
        using var scope = NewDisposeScope();
        using var model = UNet2DModel.FromConfig(Config(kind), 1);
        model.train();
        var plain = Gradients(model, kind == "dropout", checkpoints: false);
        var checkpointed = Gradients(model, kind == "dropout", checkpoints: true);

        Assert.Equal(plain.Length, checkpointed.Length);
        Assert.All(plain.Zip(checkpointed), pair => Near(pair.First, pair.Second));
        Assert.Contains(plain, gradient => Array.Exists(gradient, value => value != 0));
    }

    [Fact]
    public void ActivationsAreComputedAgainInsteadOfKept()
    {
        using var scope = NewDisposeScope();
        using var model = UNet2DModel.FromConfig(Tiny, 1);
        var runs = new Dictionary<nn.Module, int>();
        foreach (var resnet in model.modules().OfType<ResnetBlock2D>())
        {
            resnet.register_forward_hook((module, _, _, output) =>
            {
                runs[module] = runs.GetValueOrDefault(module) + 1;
                return output;
            });
        }

        using var sample = randn(1, 1, 8, 8);
        model.forward(sample, tensor(5L)).sum().backward();
        Assert.All(runs.Values, count => Assert.Equal(1, count));
        Assert.Equal(model.modules().OfType<ResnetBlock2D>().Count(), runs.Count);

        runs.Clear();
        model.CheckpointGradients = true;
        var loss = model.forward(sample, tensor(5L)).sum();
        Assert.All(runs.Values, count => Assert.Equal(1, count));
        loss.backward();
        Assert.All(runs.Values, count => Assert.Equal(2, count));
        Assert.Equal(model.modules().OfType<ResnetBlock2D>().Count(), runs.Count);
    }

    [Fact]
    public void ThreadsDropTheSameInBothPasses()
    {
        // The derivative by an input of ones is the output itself, if the mask is the same; all threads draw from one generator.
        Parallel.For(0, 8, _ =>
        {
            using var scope = NewDisposeScope();
            using var layer = new Runtime.Layers.Dropout(0.5);
            layer.train();
            var input = ones(1000).requires_grad_();
            var output = GradientCheckpoint.Run(inputs => layer.call(inputs[0]), [input], []);
            output.sum().backward();
            using var gradient = input.grad!;
            Assert.Equal(output.data<float>().ToArray(), gradient.data<float>().ToArray());
            Assert.InRange(output.count_nonzero().item<long>(), 350, 650);
        });
    }

    [Fact]
    public void GoingToEvaluationBeforeTheBackwardPassChangesNothing()
    {
        using var scope = NewDisposeScope();
        using var layer = new Runtime.Layers.Dropout(0.5);
        var input = ones(100).requires_grad_();
        layer.train();
        var output = GradientCheckpoint.Run(inputs => layer.call(inputs[0]), [input], []);
        layer.eval();
        output.sum().backward();
        using var gradient = input.grad!;

        Assert.Equal(output.data<float>().ToArray(), gradient.data<float>().ToArray());
    }

    [Fact]
    public void FrozenParametersAndPreparedTimesStayWithoutGradients()
    {
        using var scope = NewDisposeScope();
        using var model = UNet2DModel.FromConfig(Tiny, 1);
        foreach (var parameter in model.parameters())
            parameter.requires_grad_(false);

        using var times = model.PrepareTimes([10]);
        var sample = randn([1, 1, 8, 8], generator: new Generator(1)).requires_grad_();
        var plain = autograd.grad([model.Forward(sample, times, 0).sum()], [sample])[0];
        model.CheckpointGradients = true;
        var checkpointed = autograd.grad([model.Forward(sample, times, 0).sum()], [sample])[0];

        Near(plain.data<float>().ToArray(), checkpointed.data<float>().ToArray());
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void WithoutGradientsNothingIsRecorded()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var model = UNet2DModel.FromConfig(Tiny, 1);
        var sample = randn(1, 1, 8, 8);
        var plain = model.forward(sample, tensor(5L));
        model.CheckpointGradients = true;

        Assert.Equal(plain.data<float>().ToArray(), model.forward(sample, tensor(5L)).data<float>().ToArray());
    }

    private static UNet2DConfig Config(string kind) => kind switch
    {
        "dropout" => Tiny with { Dropout = 0.3 },
        "scale and shift" => Tiny with { ResnetTimeScaleShift = "scale_shift" },
        "resnet resampling" => Tiny with { DownsampleType = "resnet", UpsampleType = "resnet", DownBlockTypes = EquatableArray.Of("ResnetDownsampleBlock2D", "AttnDownBlock2D"), UpBlockTypes = EquatableArray.Of("AttnUpBlock2D", "ResnetUpsampleBlock2D") },
        "skip blocks" => new UNet2DConfig(
            DownBlockTypes: EquatableArray.Of("SkipDownBlock2D", "AttnSkipDownBlock2D"),
            UpBlockTypes: EquatableArray.Of("AttnSkipUpBlock2D", "SkipUpBlock2D"),
            BlockOutChannels: EquatableArray.Of(32, 32),
            LayersPerBlock: 1,
            TimeEmbeddingType: "fourier",
            NormNumGroups: null),
        "course" => UNet2DConfig.Course,
        _ => Tiny,
    };

    private static float[][] Gradients(UNet2DModel model, bool random, bool checkpoints)
    {
        using var scope = NewDisposeScope();
        model.CheckpointGradients = checkpoints;
        model.zero_grad();
        var size = model.Config.SampleHeight ?? 8;
        using var generator = new Generator(7);
        var sample = randn([2, model.Config.InChannels, size, size], generator: generator).requires_grad_();
        if (random)
            return Dropping(model, sample);

        model.forward(sample, tensor(new[] { 3f, 900f })).square().mean().backward();

        return Read(model, sample);
    }

    // The masks come from the generator that all tests share: they must be drawn without another test between the two runs.
    private static float[][] Dropping(UNet2DModel model, Tensor sample)
    {
        for (var attempt = 0; ; attempt++)
        {
            var first = Once();
            var second = Once();
            if (first.Zip(second).All(pair => pair.First.SequenceEqual(pair.Second)))
                return first;

            Assert.InRange(attempt, 0, 20);
        }

        float[][] Once()
        {
            model.zero_grad();
            sample.grad = null;
            manual_seed(11);
            model.forward(sample, tensor(new[] { 3f, 900f })).square().mean().backward();

            return Read(model, sample);
        }
    }

    private static float[][] Read(UNet2DModel model, Tensor sample) =>
        [.. model.parameters().Select(parameter => (Tensor)parameter).Append(sample).Select(tensor =>
        {
            using var gradient = tensor.grad;
            return gradient is null ? [] : gradient.data<float>().ToArray();
        })];

    // A tensor with several readers has the sum of their gradients, and a checkpoint adds its own before the others come: the last bit may differ.
    private static void Near(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var greatest = expected.Select(Math.Abs).DefaultIfEmpty().Max();
        Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-6f * (1e-2f + greatest)));
    }
}
