using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Digits;
using static Diffusion.Dsl.LearningRates;
using static Diffusion.Dsl.Objectives;
using static Diffusion.Dsl.Optimizers;
using static Diffusion.Dsl.TimestepSamplings;
using static Diffusion.Dsl.Weightings;

namespace Diffusion.Tests.Training;

/// <summary>The loop of a definition, as a person reads it.</summary>
public sealed class TrainingExplainTests
{
    private static readonly DigitData Digits = new(new ProceduralDigits(0), 60_000);

    [Fact]
    public Task APlainTraining() => Verify(Train.Ddpm(UNet2DConfig.Course).On(Digits).Optimizer(AdamW(4e-4)).Batch(64).Epochs(10).Explain());

    [Fact]
    public Task ATrainingWithEverything() => Verify(Train.Ddpm(UNet2DConfig.Course).On(Digits).Objective(Velocity).Weight(MinSnr(5)).Timesteps(LogitNormal()).Noise(NoiseSchedule.Cosine)
        .Optimizer(AdamW(4e-4)).Schedule(Cosine(warmup: 500)).Accumulate(4).Ema(0.9999).Precision(Precision.BFloat16).CheckpointGradients().Steps(20_000).Explain());

    [Fact]
    public Task FineTuningAsTheCourseDoes() => Verify(Train.FineTune(Pipeline.From(Pretrained.From("google/ddpm-celebahq-256").Unet), Digits, rate: 1e-5, epochs: 2, batch: 4, accumulate: 2).AsInCourse().Explain());
}
