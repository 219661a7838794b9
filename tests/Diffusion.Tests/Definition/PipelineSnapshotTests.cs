using System.Threading.Tasks;
using Diffusion.Dsl;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Definition;

public class PipelineSnapshotTests
{
    private static readonly Pretrained Model = Pretrained.From("models/none");

    [Fact]
    public Task Ddim40() => Verify(Pipeline.From(Model.Unet).Scheduler(Ddim(40)));

    [Fact]
    public Task Ddim40Cfg() => Verify(Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet)
        .Scheduler(Ddim(40, clamp: Clamp.None)).Guidance(Cfg(7.5)).Noise(NoiseSchedule.StableDiffusion));

    [Fact]
    public Task Ddpm8LearnedRange() => Verify(Pipeline.From(Model.Unet).Scheduler(Ddpm(8, VarianceType.LearnedRange)));

    [Fact]
    public Task Ddim10RescaledInAnInterval() => Verify(Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet)
        .Scheduler(Ddim(10, eta: 0.5, clamp: Clamp.Dynamic())).Guidance(Cfg(5, rescale: 0.7, interval: Interval(0.2, 0.8))));

    [Fact]
    public Task Ddim6ApgPagAutoguidance() => Verify(Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet)
        .Scheduler(Ddim(6, clamp: Clamp.None)).Guidance(Apg(7, threshold: 15), Pag(3, interval: Interval(0.5, 1)), Autoguidance(Model.Unet.WithSubfolder("early"), 2)));

    [Fact]
    public Task FlowEuler6CfgZero() => Verify(Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet)
        .Scheduler(FlowEuler(6)).Guidance(CfgZero(5)).Prediction(PredictionType.Flow));

    [Fact]
    public Task Ddim6CfgPlusPlus() => Verify(Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet)
        .Scheduler(Ddim(6, clamp: Clamp.Range())).Guidance(CfgPlusPlus(0.6)));

    [Fact]
    public Task DdimInverse10() => Verify(Pipeline.From(Model.Unet).Scheduler(DdimInverse(10, clamp: Clamp.None)).Prediction(PredictionType.VPrediction));

    [Fact]
    public Task AWrongPipelineShowsItsFindings() => Verify(Pipeline.From(Model.Unet).Scheduler(Ddim(1200)).Guidance(Cfg(7.5)));
}
