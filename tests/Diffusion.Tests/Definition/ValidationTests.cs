using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Definition;

public class ValidationTests
{
    private static readonly Pretrained Model = Pretrained.From("m");
    private static readonly ModelFacts Unknown = new(null, null, null, null);
    private static readonly ModelFacts Sd = new(new UnetFacts(4, 4, 64, 64, 768, "UNet2DConditionModel"), new VaeFacts(), new TextFacts(768), SchedulerConfig.Default);

    public static IEnumerable<object[]> Cases => Definitions.Select(entry => new object[] { entry.Id, entry.Name });

    private static Pipeline Pixels => Pipeline.From(Model.Unet).Scheduler(Ddim(40));

    private static Pipeline Text => Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet).Scheduler(Ddim(40));

    private static IEnumerable<(string Id, string Name, Pipeline Wrong, ModelFacts Facts)> Definitions =>
    [
        ("DIF0101", "no UNet", Pipeline.From(Model.Vae), Unknown),
        ("DIF0201", "steps 1200", Pixels.Scheduler(Ddim(1200)), Unknown),
        ("DIF0201", "steps 0", Pixels.Scheduler(Ddpm(0)), Unknown),
        ("DIF0202", "eta 2", Pixels.Scheduler(Ddim(40, eta: 2)), Unknown),
        ("DIF0202", "eta NaN", Pixels.Scheduler(Ddim(40, eta: double.NaN)), Unknown),
        ("DIF0203", "beta 0", Pixels.Noise(NoiseSchedule.Linear.WithBetaStart(0)), Unknown),
        ("DIF0203", "given beta 1.5", Pixels.Noise(NoiseSchedule.Given(0.1, 1.5)).Scheduler(Ddim(2)), Unknown),
        ("DIF0204", "one timestep", Pixels.Noise(NoiseSchedule.Given(0.1)), Unknown),
        ("DIF0205", "clip range -1", Pixels.Scheduler(Ddim(40, clamp: Clamp.Range(-1))), Unknown),
        ("DIF0205", "threshold ratio 2", Pixels.Scheduler(Ddim(40, clamp: Clamp.Dynamic(2))), Unknown),
        ("DIF0206", "offset too large", Pixels.Scheduler(Ddim(1000, stepsOffset: 1)), Unknown),
        ("DIF0207", "rising timesteps", Pixels.Scheduler(Ddpm().WithCustomTimesteps(5, 9)), Unknown),
        ("DIF0208", "prediction", Pixels.Prediction(PredictionType.VPrediction), Unknown with { Scheduler = SchedulerConfig.Default }),
        ("DIF0209", "zero SNR", Pixels.Noise(NoiseSchedule.Linear.WithZeroTerminalSnr(true)).Scheduler(Ddim(40, spacing: TimestepSpacing.Trailing)), Unknown),
        ("DIF0210", "inversion spacing", Pixels.Scheduler(DdimInverse(40, spacing: TimestepSpacing.Linspace)), Unknown),
        ("DIF0212", "learned variance", Pixels.Scheduler(Ddpm(10, VarianceType.LearnedRange)), Unknown with { Unet = new UnetFacts(3, 3) }),
        ("DIF0213", "rho 0", Pixels.Scheduler(Euler(20, SigmaSchedule.Karras(0))), Unknown),
        ("DIF0213", "beta shape NaN", Pixels.Scheduler(DpmSolver(20, sigmas: SigmaSchedule.Beta(double.NaN))), Unknown),
        ("DIF0214", "rising sigmas", Pixels.Scheduler(Euler().WithCustomSigmas(1, 5, 0)), Unknown),
        ("DIF0214", "two zeros", Pixels.Scheduler(Heun().WithCustomSigmas(1, 0, 0)), Unknown),
        ("DIF0215", "timesteps and sigmas", Pixels.Scheduler(Euler(20, SigmaSchedule.Karras()).WithCustomTimesteps(900, 100)), Unknown),
        ("DIF0215", "integral of the noise to zero", Pixels.Scheduler(DpmSolver(20, algorithm: SolverAlgorithm.DpmSolver)), Unknown),
        ("DIF0216", "negative churn", Pixels.Scheduler(Euler(20, sChurn: -1)), Unknown),
        ("DIF0216", "order 4", Pixels.Scheduler(DpmSolver(20, solverOrder: 4)), Unknown),
        ("DIF0217", "start behind the end", Pixels.StartAt(40), Unknown),
        ("DIF0217", "start before the start", Pixels.StartAt(-1), Unknown),
        ("DIF0108", "strength 0 with all steps", Pixels.Scheduler(Ddim(40)).Strength(0).KeepSteps(), Unknown),
        ("DIF0443", "no strength to keep steps in", Pixels.Scheduler(Ddim(40)).KeepSteps(), Unknown),
        ("DIF0443", "more steps than timesteps", Pixels.Scheduler(Ddim(40)).Strength(0.01).KeepSteps(), Unknown),
        ("DIF0443", "strength of nearly nothing", Pixels.Scheduler(Ddim(40)).Strength(1e-300).KeepSteps(), Unknown),
        ("DIF0443", "timesteps one by one", Pixels.Scheduler(Ddpm().WithCustomTimesteps(900, 500, 100)).Strength(0.6).KeepSteps(), Unknown),
        ("DIF0443", "more steps than were distilled", Pixels.Scheduler(Lcm(40)).Strength(0.5).KeepSteps(), Unknown),
        ("DIF0218", "v for unCLIP", Pixels.Scheduler(UnClip(20)).Prediction(PredictionType.VPrediction), Unknown),
        ("DIF0218", "x0 for EDM", Pixels.Scheduler(EdmEuler(20)).Prediction(PredictionType.Sample), Unknown),
        ("DIF0250", "two combinations", Text.Guidance(Cfg(7.5), CfgPlusPlus(0.6)), Unknown),
        ("DIF0251", "eta 2", Text.Guidance(Apg(7, eta: 2)), Unknown),
        ("DIF0251", "threshold below 0", Text.Guidance(Apg(7, threshold: -1)), Unknown),
        ("DIF0251", "momentum NaN", Text.Guidance(Apg(7, momentum: double.NaN)), Unknown),
        ("DIF0251", "zero steps below 0", Text.Guidance(CfgZero(7, zeroSteps: -1)), Unknown),
        ("DIF0251", "lambda 7.5", Text.Guidance(CfgPlusPlus(7.5)), Unknown),
        ("DIF0251", "nothing but zero steps", Text.Guidance(CfgZero(7, zeroSteps: 40)), Unknown with { Scheduler = SchedulerConfig.Default with { Prediction = PredictionType.VPrediction } }),
        ("DIF0252", "no noise", Text.Guidance(CfgZero(7)), Unknown),
        ("DIF0253", "noise of its own", Text.Scheduler(Ddim(40, eta: 0.5)).Guidance(CfgPlusPlus(0.6)), Unknown),
        ("DIF0253", "second order", Text.Scheduler(DpmSolver(20)).Guidance(CfgPlusPlus(0.6)), Unknown),
        ("DIF0254", "worse network of other channels", Pixels.Guidance(Autoguidance(Model.Unet, 2)), Unknown with { Unet = new UnetFacts(3, 3), Worse = new UnetFacts(1, 3) }),
        ("DIF0254", "worse network on other noise", Pixels.Guidance(Autoguidance(Model.Unet, 2)), Unknown with { Unet = new UnetFacts(3, 3), Worse = new UnetFacts(3, 3), Scheduler = SchedulerConfig.Default, WorseScheduler = SchedulerConfig.Default with { Noise = NoiseSchedule.StableDiffusion } }),
        ("DIF0255", "gradient through Pag", Pixels.Guidance(Pag(2), Color(0, 0, 1, throughNetwork: true)), Unknown),
        ("DIF0255", "gradient through Apg", Text.Guidance(Apg(7), Color(0, 0, 1, throughNetwork: true)), Unknown),
        ("DIF0301", "Apg without text", Pixels.Guidance(Apg(7)), Unknown),
        ("DIF0302", "Pag infinite", Pixels.Guidance(Pag(double.NegativeInfinity)), Unknown),
        ("DIF0304", "interval of autoguidance", Pixels.Guidance(Autoguidance(Model.Unet, 2, Interval(1, 0))), Unknown),
        ("DIF0301", "Cfg without text", Pixels.Guidance(Cfg(7.5)), Unknown),
        ("DIF0302", "scale infinite", Text.Guidance(Cfg(double.PositiveInfinity)), Unknown),
        ("DIF0303", "Cfg twice", Text.Guidance(Cfg(7.5), Cfg(3)), Unknown),
        ("DIF0304", "interval", Text.Guidance(Cfg(7.5, interval: Interval(0.9, 0.2))), Unknown),
        ("DIF0305", "negative without effect", Text.Guidance(Cfg(1)).Negative("blurry"), Unknown),
        ("DIF0306", "rescale", Text.Guidance(Cfg(7.5, rescale: 1.5)), Unknown),
        ("DIF0307", "Clip without a model", Pixels.Guidance(Clip("a rose")), Unknown),
        ("DIF0308", "no cuts", Text.Guidance(Clip("a rose", cuts: 0)), Unknown),
        ("DIF0309", "colour 255", Pixels.Guidance(Color(255, 0, 0)), Unknown),
        ("DIF0310", "Cfg without a null class", Pixels.Guidance(Cfg(3)), Unknown with { Unet = new UnetFacts(1, 1).WithClasses(10) }),
        ("DIF0413", "two text encoders", Text, Sd with { Unet = Sd.Unet! with { CrossAttentionDim = 2048, AdditionEmbedType = "text_time" }, SecondText = new TextFacts(1280) }),
        ("DIF0414", "output of 3 channels", Text, Sd with { Unet = Sd.Unet! with { OutChannels = 3 } }),
        ("DIF0415", "no VAE in the index", Text, Sd with { Vae = null, Indexes = EquatableArray.Of(new CheckpointIndex("m", EquatableArray.Of("unet", "text_encoder"))) }),
        ("DIF0416", "flow sampler", Text.Scheduler(FlowEuler(20)), Sd with { Scheduler = SchedulerConfig.Default with { ClassName = "PNDMScheduler" } }),
        ("DIF0416", "Heun on a consistency model", Text.Scheduler(Heun(20)), Sd with { Scheduler = SchedulerConfig.Default with { ClassName = "CMStochasticIterativeScheduler" } }),
        ("DIF0430", "text width", Text, Sd with { Text = new TextFacts(1024) }),
        ("DIF0431", "latent channels", Text, Sd with { Vae = new VaeFacts(16) }),
        ("DIF0431", "8 input channels", Text, Sd with { Unet = Sd.Unet! with { InChannels = 8 } }),
        ("DIF0432", "height 500", Text.Size(500, 512), Sd),
        ("DIF0433", "width 0", Text.Size(512, 0), Sd),
        ("DIF0434", "UNet needs text", Pipeline.From(Model.Vae).Unet(Model.Unet), Sd),
        ("DIF0436", "no VAE", Pipeline.From(Model.Unet).Text(Model.Clip), Sd with { Vae = null }),
        ("DIF0435", "UNet takes no text", Text, Unknown with { Unet = new UnetFacts(4, 4) }),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void EachMistakeIsFoundAndNothingElse(string id, string name)
    {
        var (_, _, wrong, facts) = Definitions.Single(entry => (entry.Id, entry.Name) == (id, name));
        var finding = Assert.Single(Validation.Check(wrong, facts));
        Assert.Equal(id, finding.Rule.Id);
        Assert.DoesNotContain("{", finding.Message);
    }

    [Fact]
    public void RightDefinitionsHaveNoFindings()
    {
        Assert.Empty(Validation.Check(Pixels, Unknown));
        Assert.Empty(Validation.Check(Text.Guidance(Cfg(7.5)).Negative("blurry").Size(512, 768), Sd));
        Assert.Empty(Validation.Check(Text, Sd with { Unet = Sd.Unet! with { InChannels = 9 } })); // inpainting
        Assert.Empty(Validation.Check(Text, Sd with { Unet = Sd.Unet! with { InChannels = 5 } })); // depth
        Assert.Empty(Validation.Check(Text, Sd with { Unet = Sd.Unet! with { OutChannels = 8 } })); // learned variance
        Assert.Empty(Validation.Check(Text.Scheduler(FlowEuler(20)), Sd with { Scheduler = SchedulerConfig.Default with { ClassName = "MyScheduler" } })); // of any kind
        Assert.Empty(Validation.Check(Pixels.Noise(NoiseSchedule.Linear.WithZeroTerminalSnr(true)), Unknown)); // leading never visits 999
    }

    [Theory]
    [InlineData("""{ "hidden_size": 768 }""", 768)]
    [InlineData("""{ "model_type": "clip", "text_config": { "hidden_size": 512 }, "projection_dim": 640 }""", 512)]
    [InlineData("""{ "model_type": "t5", "d_model": 4096 }""", 4096)]
    [InlineData("""{ "model_type": "clip_text_model" }""", 512)]
    public void TheWidthOfATextIsReadFromEveryKindOfEncoder(string json, int width) => Assert.Equal(width, TextFacts.Read(JsonValue.Parse(json)).HiddenSize);

    [Theory]
    [InlineData("""{ "cross_attention_dim": 1024 }""", 1024)]
    [InlineData("""{ "cross_attention_dim": [768, 768] }""", 768)]
    [InlineData("""{ "cross_attention_dim": 768, "encoder_hid_dim": 4096, "encoder_hid_dim_type": "text_proj" }""", 4096)]
    [InlineData("""{ "encoder_hid_dim": null }""", 1280)]
    public void TheWidthThatAUnetReadsIsThatBeforeItsProjection(string json, int width) =>
        Assert.Equal(width, UnetFacts.Read(JsonValue.Parse(json).With("_class_name", JsonValue.Of("UNet2DConditionModel"))).CrossAttentionDim);

    [Fact]
    public void AllMistakesAreFoundAtOnce()
    {
        var findings = Validation.Check(Pixels.Guidance(Cfg(double.NaN, rescale: 3)).Size(-1, 8), Unknown);
        Assert.Equal(["DIF0433", "DIF0302", "DIF0306", "DIF0301"], findings.Select(finding => finding.Rule.Id));
    }

    [Fact]
    public void TheSentenceNamesSubjectValueAllowedAndRemedy() => Assert.Equal(
        "DIF0201: steps is 1200, but the noise schedule has 1000 training timesteps; choose 1 to 1000",
        Validation.Check(Pixels.Scheduler(Ddim(1200)), Unknown)[0].ToString());
}
