using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Training;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

/// <summary>Gradients of one step: accumulated, and with the mistakes of the course.</summary>
public sealed class GradientStepTests
{
    [Theory]
    [InlineData(8, new[] { 4, 4 })]
    [InlineData(8, new[] { 2, 2, 2, 2 })]
    [InlineData(5, new[] { 2, 2, 1 })] // the last, partial group of an epoch
    public void AccumulatedBatchesAreOneLargeBatch(int pictures, int[] parts)
    {
        using var scope = NewDisposeScope();
        var (loss, whole) = Gradients(Tiny.Training(), pictures);
        var (same, accumulated) = Gradients(Tiny.Training(), parts);
        Assert.Equal(loss, same, tolerance: 1e-6);
        Assert.True(Difference(whole, accumulated) <= 1e-6, $"largest difference {Difference(whole, accumulated)}");
    }

    [Fact]
    public void BackwardOfTheLossMultipliesEveryGradientByIt()
    {
        using var scope = NewDisposeScope();
        var training = Tiny.Training().Objective(Objectives.Sample);
        var (loss, right) = Gradients(training, 4);
        var (_, course) = Gradients(training.AsInCourse(CourseErrata.None.WithMultipliesGradientByLoss(true)), 4);
        Assert.True(Math.Abs(loss - 1) > 0.01, "a loss of 1 would hide the mistake");
        Assert.True(Difference([.. right.Select(gradient => gradient * loss)], course) <= 1e-6);
        Assert.True(Difference(right, course) > 1e-3);
    }

    [Fact]
    public void SummedBatchesAreAStepAsManyTimesAsLarge()
    {
        using var scope = NewDisposeScope();
        var (_, right) = Gradients(Tiny.Training(), 4, 4);
        var (_, course) = Gradients(Tiny.Training().AsInCourse(CourseErrata.None.WithSumsAccumulated(true)), 4, 4);
        Assert.True(Difference([.. right.Select(gradient => gradient * 2)], course) <= 1e-6);
    }

    [Fact]
    public void TheCourseNeverDrawsTheNoisiestTimestep()
    {
        var noise = NoiseSchedule.Linear.WithTrainTimesteps(4);
        Assert.Equal([0, 1, 2, 3], Drawn(Tiny.Training().Noise(noise)));
        Assert.Equal([0, 1, 2], Drawn(Tiny.Training().Noise(noise).AsInCourse()));

        static long[] Drawn(Dsl.Training training)
        {
            using var scope = NewDisposeScope();
            using var task = new DenoisingTask(training);
            using var random = new Generator(0);
            return [.. task.Draw([200, 1, 2, 2], random)[1].data<long>().ToArray().Distinct().Order()];
        }
    }

    [Theory]
    [InlineData(false, 3, new[] { 2, 2, 1, 2, 2, 1 })]
    [InlineData(true, 2, new[] { 2, 2, 2, 2 })]
    public void TheCourseDropsTheLastPartialGroupOfAnEpoch(bool asInCourse, int stepsPerEpoch, int[] batches)
    {
        using var scope = NewDisposeScope();
        var training = Tiny.Training(10).Batch(2).Accumulate(2).Epochs(2);
        training = asInCourse ? training.AsInCourse() : training;
        Assert.Equal(stepsPerEpoch, training.StepsPerEpoch);
        var groups = BatchGroups.Read(new ImageLoader(Tiny.Pictures(10), 2), 2, training.StepsPerEpoch, 0).Take(training.TotalSteps);
        Assert.Equal(batches, groups.Select(group => group.Count));
    }

    [Fact]
    public void ATrainingThatGoesOnReadsTheBatchesThatFollow()
    {
        using var scope = NewDisposeScope();
        var loader = new ImageLoader(Tiny.Pictures(9), 2);
        var all = BatchGroups.Read(loader, 2, 3, 0).Take(8).Select(Sources).ToArray();
        for (var first = 0; first < 8; first++)
            Assert.Equal(all[first..], BatchGroups.Read(loader, 2, 3, first).Take(8 - first).Select(Sources));

        static string Sources(IReadOnlyList<ImageBatch> group) => string.Join("|", group.SelectMany(batch => batch.Sources));
    }

    // The loss and the gradients of one step on the first pictures, parted into batches.
    private static (double Loss, Tensor[] Gradients) Gradients(Dsl.Training training, params int[] parts)
    {
        using var task = new DenoisingTask(training.WithMaxGradientNorm(null));
        using var random = new Generator(7);
        var batches = new List<ImageBatch>();
        foreach (var part in parts)
        {
            var loader = new ImageLoader(ImageListData.Of(Tiny.Pictures(parts.Sum()).Images.Skip(batches.Sum(batch => batch.Count)).Take(part)), part) { Shuffle = false };
            batches.Add(loader.Epoch().Single());
        }

        var (loss, _) = new GradientStep(training.WithMaxGradientNorm(null), task, random).Compute(batches, 0);
        return (loss, [.. task.Model.parameters().Select(parameter => parameter.grad!.clone())]);
    }

    private static float Difference(Tensor[] one, Tensor[] other) => one.Zip(other).Max(pair => (pair.First - pair.Second).abs().max().item<float>());
}
