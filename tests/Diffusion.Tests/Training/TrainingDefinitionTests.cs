using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Digits;
using static Diffusion.Dsl.LearningRates;
using static Diffusion.Dsl.Objectives;
using static Diffusion.Dsl.Optimizers;
using static Diffusion.Dsl.TimestepSamplings;
using static Diffusion.Dsl.Weightings;

namespace Diffusion.Tests.Training;

public sealed class TrainingDefinitionTests
{
    private static readonly DigitData Digits = new(new ProceduralDigits(0), 1000);

    [Fact]
    public void ADefinitionReadsAsTheChainThatMadeIt() => Assert.Equal(
        "Train.Ddpm(UNet2DModel(1x28x28, 32-64-64, #9cc61244)).On(\"procedural digits of seed 0, variety 1\", 1000).Objective(epsilon).Weight(MinSnr(5))"
        + ".Optimizer(AdamW(0.0004)).Schedule(Cosine(warmup: 500)).Batch(16).Accumulate(4).Ema(0.9999).Clip(1).Seed(0).Steps(20000)",
        Example().ToString());

    [Fact]
    public void EqualChainsAreEqualValues()
    {
        Assert.Equal(Example(), Example());
        Assert.NotEqual(Example(), Example().Seed(1));
        Assert.Equal(Example().ToString(), Example().ToString());
    }

    [Fact]
    public void AStageLeavesTheOldValueAsItWas()
    {
        var before = Example();
        var text = before.ToString();
        _ = before.Batch(1).Seed(9).Steps(1).DropLabels();
        Assert.Equal(text, before.ToString());
    }

    [Fact]
    public void EveryPropertyShowsInTheTextOfADefinition()
    {
        var plain = Example();
        Dsl.Training[] changed =
        [
            plain.WithNetwork(new UntrainedUNet(UNet2DConfig.Course with { Dropout = 0.1 })), plain.On(Digits.WithCount(3)), plain.Objective(Velocity), plain.Weight(Uniform),
            plain.Noise(NoiseSchedule.Cosine), plain.Timesteps(Stratified), plain.Optimizer(Adam(1)), plain.Schedule(Constant()), plain.Batch(7), plain.Accumulate(1), plain.Ema(0.5),
            plain.Clip(2), plain.Steps(1), plain.Epochs(1), plain.Seed(3), plain.Precision(Precision.BFloat16), plain.CheckpointGradients(), plain.DropLabels(), plain.DropCaptions(), plain.AsInCourse(),
            plain.Text(new TextModel("models/shapes")), plain.TrainText(), plain.Vae(new VaeModel("models/shapes")),
        ];
        Assert.Equal(changed.Length + 1, changed.Append(plain).Select(training => training.ToString()).Distinct().Count());
        var settable = typeof(Dsl.Training).GetProperties().Count(property => property.SetMethod is { IsPublic: true });
        Assert.True(changed.Length >= settable, $"{settable} properties, {changed.Length} changes");
    }

    [Fact]
    public void TheKeyIsTheDefinitionWithoutItsLength()
    {
        Assert.Equal(Example().Key, Example().Steps(5).Key);
        Assert.Equal(Example().Key, Example().Epochs(5).Key);
        Assert.NotEqual(Example().Key, Example().Batch(5).Key);
    }

    [Theory]
    [InlineData(1000, 16, 4, 16)] // 63 batches: 15 groups of four, and one of three
    [InlineData(1024, 16, 4, 16)]
    [InlineData(10, 16, 4, 1)]
    [InlineData(1000, 64, 1, 16)]
    public void AnEpochHasAllItsBatches(int pictures, int batch, int accumulate, int steps)
    {
        var training = Example().On(Digits.WithCount(pictures)).Batch(batch).Accumulate(accumulate).Epochs(3);
        Assert.Equal(steps, training.StepsPerEpoch);
        Assert.Equal(3 * steps, training.TotalSteps);
    }

    [Fact]
    public void AGoodDefinitionHasNoFindings() => Assert.Empty(Example().Check());

    [Fact]
    public void EverythingThatIsWrongIsToldAtOnce()
    {
        var findings = Train.Ddpm(UNet2DConfig.Course).Optimizer(AdamW(-1)).Batch(0).Clip(0).DropLabels(1.5).Ema(2).Check();
        Assert.Equal(
            ["DIF0105", "DIF0220", "DIF0225", "DIF0225", "DIF0227"],
            findings.Select(finding => finding.Rule.Id).Distinct().Concat(["DIF0225"]).Order(StringComparer.Ordinal));
        Assert.Equal(4, findings.Count(finding => finding.Rule.Id == "DIF0220"));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void ABadDefinitionIsRefusedInOneSentence(string id, string sentence, Dsl.Training training)
    {
        var finding = Assert.Single(training.Check());
        Assert.Equal(id, finding.Rule.Id);
        Assert.Contains(sentence, finding.ToString(), StringComparison.Ordinal);
    }

    public static IEnumerable<object[]> Bad() =>
    [
        ["DIF0225", "no data", Train.Ddpm(UNet2DConfig.Course).Steps(1)],
        ["DIF0225", "no length", Train.Ddpm(UNet2DConfig.Course).On(Digits)],
        ["DIF0523", "no pictures", Example().On(new ImageListData([]))],
        ["DIF0523", "less than one group of 4 batches of 16", Example().On(Digits.WithCount(20)).AsInCourse()],
        ["DIF0226", "the label 9, but the network knows 5 classes, 0 to 4", Example().WithNetwork(new UntrainedUNet(UNet2DConfig.Course with { NumClassEmbeds = 5 }))],
        ["DIF0227", "no class for «no label»", Example().DropLabels(0.1)],
        ["DIF0221", "warm-up", Example().Steps(400)],
["DIF0223", "Edm(0.5) has no finite weight", Example().Noise(NoiseSchedule.Linear.WithZeroTerminalSnr(true)).Weight(Edm())],
    ];

    [Fact]
    public void EveryStageHasItsWithMethod()
    {
        var properties = typeof(Dsl.Training).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true }).Select(property => "With" + property.Name);
        Assert.All(properties, name => Assert.NotNull(typeof(Dsl.Training).GetMethod(name)));
    }

    private static Dsl.Training Example() => Train.Ddpm(UNet2DConfig.Course).On(Digits).Objective(Epsilon).Weight(MinSnr(5))
        .Optimizer(AdamW(4e-4)).Schedule(Cosine(warmup: 500)).Accumulate(4).Ema(0.9999).Steps(20_000).Seed(0);
}
