using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;
using static Diffusion.Dsl.Guiders;

namespace Diffusion.Tests.Samplers;

/// <summary>The step table, the fused operations and the code of every sampler, guided, as text: what a change of a derivation or of the compiler changes.</summary>
public class SamplerSnapshotTests
{
    private const int Steps = 6;

    private static readonly Pretrained Model = Pretrained.From("models/none");

    public static TheoryData<string> Names => new(Schedulers.All.Select(entry => entry.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public Task EverySampler(string name) => Verify(Pipeline.From(Model.Vae).Text(Model.Clip).Unet(Model.Unet)
        .Scheduler(Schedulers.All.Single(entry => entry.Name == name).Create(Steps))
        .Guidance(Cfg(7.5))
        .Noise(NoiseSchedule.StableDiffusion)).UseParameters(name);
}
