using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Steps;

namespace Diffusion.Tests.Samplers;

public class StepCountTests
{
    private static readonly NoiseSchedule[] Noises = [NoiseSchedule.Linear, NoiseSchedule.StableDiffusion.WithTrainTimesteps(20)];

    /// <summary>
    /// What a sampler accepts in ten steps it accepts in one, two and all of training, and the table (which is checked at birth) has finite coefficients and
    /// levels.
    /// </summary>
    [Fact]
    public void EverySamplerHasATableOfOneStepOfTwoAndOfAllOfTraining()
    {
        foreach (var noise in Noises)
        {
            foreach (var entry in Schedulers.All)
            {
                var accepted = Enum.GetValues<PredictionType>().Where(prediction => Check(entry, 10, noise, prediction).Length == 0).ToArray();
                Assert.True(accepted.Length > 0, entry + " accepts no prediction type");
                foreach (var prediction in accepted)
                {
                    foreach (var steps in new[] { 1, 2, noise.TrainTimesteps })
                    {
                        var place = $"{entry.Name}({steps}) {noise} {prediction}";
                        Assert.True(Check(entry, steps, noise, prediction) is [], $"{place}: {string.Join("; ", Check(entry, steps, noise, prediction).Select(finding => finding.Message))}");
                        var error = Record.Exception(() => Hold(Sampler(entry, steps, noise).Derive(noise, prediction), steps));
                        Assert.True(error is null, $"{place}: {error?.Message}");
                    }
                }
            }
        }
    }

    private static void Hold(StepTable table, int steps)
    {
        // Some count every evaluation as a step, some begin with smaller steps.
        Assert.True(table.Evaluations.Count() >= steps, $"{table.Evaluations.Count()} evaluations");
        Assert.True(double.IsFinite(table.InitialNoiseSigma));
        var levels = table.Steps.Select(step => step.Level).Concat(table.Evaluations.Select(evaluation => evaluation.Level));
        Assert.All(levels, level => Assert.True(double.IsFinite(level.Alpha) && double.IsFinite(level.Sigma)));
    }

    private static Finding[] Check(SchedulerEntry entry, int steps, NoiseSchedule noise, PredictionType prediction) =>
        Sampler(entry, steps, noise).Check(noise, prediction).ToArray();

    private static Scheduler Sampler(SchedulerEntry entry, int steps, NoiseSchedule noise)
    {
        // A distilled network takes no more steps than distillation had; a Runge-Kutta start takes four.
        var sampler = Said(Said(entry.Create(steps), "WithOriginalInferenceSteps", noise.TrainTimesteps), "WithSkipPrkSteps", true);
        return sampler.Resolve(SchedulerConfig.Default with { Noise = noise });
    }

    private static Scheduler Said(Scheduler sampler, string with, object value) => sampler.GetType().GetMethod(with)?.Invoke(sampler, [value]) as Scheduler ?? sampler;
}
