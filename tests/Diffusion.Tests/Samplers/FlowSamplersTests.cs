using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Steps;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Samplers;

/// <summary>What holds for the samplers of rectified flows, beside what is recorded of diffusers.</summary>
public class FlowSamplersTests
{
    [Fact]
    public void TheNetworkPredictsTheVelocityWhateverTheCheckpointSays()
    {
        foreach (var sampler in new Scheduler[] { FlowEuler(5), FlowHeun(5, sChurn: 2) })
        {
            var tables = Enum.GetValues<PredictionType>().Select(prediction => sampler.Derive(NoiseSchedule.Linear, prediction)).Distinct();
            Assert.Single(tables);
        }
    }

    [Fact]
    public void LevelsLieOnTheStraightPathFromNoiseToTheCleanSample()
    {
        var table = FlowHeun(6, shift: 3).Derive(NoiseSchedule.Linear, PredictionType.Flow);
        Assert.Equal(new NoiseLevel(0, 1), table.Steps[0].Start);
        Assert.Equal(NoiseLevel.Clean, table.Steps[^1].Level);
        Assert.All(table.Evaluations, evaluation => Assert.Equal(1, evaluation.Level.Alpha + evaluation.Level.Sigma, 1e-15));
        Assert.All(table.Evaluations, evaluation => Assert.Equal(1000 * evaluation.Level.Sigma, evaluation.Timestep, 1e-4));
        Assert.Equal(11, table.Evaluations.Count());
    }

    [Fact]
    public void ALevelIsFoundByItsTimestep()
    {
        var sampler = FlowEuler(8, shift: 3);
        var (timestep, level) = sampler.Derive(NoiseSchedule.Linear, PredictionType.Flow).Evaluations.Select(evaluation => (evaluation.Timestep, evaluation.Level)).ElementAt(3);
        Assert.NotEqual(Math.Round(timestep), timestep);
        Assert.Equal(level, sampler.LevelAt(NoiseSchedule.Linear, timestep));
    }

    [Fact]
    public void DynamicShiftingIsAShiftByTheExponentialOfMu()
    {
        double[] sigmas = [1, 0.7, 0.3, 0.05];
        var plain = Levels(FlowEuler(shift: Math.Exp(0.8)).WithCustomSigmas(sigmas));
        Assert.Equal(plain, Levels(FlowEuler(useDynamicShifting: true, mu: 0.8).WithCustomSigmas(sigmas)), Close);
        Assert.NotEqual(sigmas, plain, Close);

        static bool Close(double one, double other) => Math.Abs(one - other) < 1e-7;
    }

    [Fact]
    public void MuGrowsWithTheImage()
    {
        foreach (var (length, mu) in new[] { (256, 0.5), (4096, 1.15), (2176, 0.825) })
        {
            Assert.Equal(Levels(FlowEuler(5, useDynamicShifting: true, mu: mu)), Levels(FlowEuler(5, useDynamicShifting: true, imageSequenceLength: length)));
        }

        var steeper = FlowEuler(5, useDynamicShifting: true, imageSequenceLength: 100).WithBaseImageSequenceLength(50).WithMaxImageSequenceLength(150).WithBaseShift(0).WithMaxShift(2);
        Assert.Equal(Levels(FlowEuler(5, useDynamicShifting: true, mu: 1)), Levels(steeper));
    }

    [Fact]
    public void WhatCannotBeRunIsAFinding()
    {
        Assert.Equal(["DIF0216"], Ids(FlowEuler(5, useDynamicShifting: true)));
        Assert.Equal(["DIF0215"], Ids(FlowEuler(5, useDynamicShifting: true, mu: 1, imageSequenceLength: 9)));
        Assert.Equal(["DIF0216"], Ids(FlowEuler(5, shift: 0)));
        Assert.Equal(["DIF0216"], Ids(FlowEuler().WithCustomSigmas(1.5, 0.5)));
        Assert.Equal(["DIF0214"], Ids(FlowEuler().WithCustomSigmas(0.5, 0)));
        Assert.Equal(["DIF0214"], Ids(FlowEuler().WithCustomSigmas(0.5, 0.7)));
        Assert.Equal(["DIF0216"], Ids(FlowHeun(5, sChurn: -1)));
        Assert.Equal(["DIF0201"], Ids(FlowHeun(1001)));
        Assert.Empty(Ids(FlowEuler().WithCustomSigmas(0.5)));
    }

    private static double[] Levels(Scheduler sampler) => sampler.Derive(NoiseSchedule.Linear, PredictionType.Flow).Steps.Select(step => step.Start.Sigma).ToArray();

    private static string[] Ids(Scheduler sampler) => sampler.Check(NoiseSchedule.Linear, PredictionType.Flow).Select(finding => finding.Rule.Id).ToArray();
}
