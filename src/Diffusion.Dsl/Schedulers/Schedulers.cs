using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// The samplers by their short names, for <c>using static Diffusion.Dsl.Schedulers</c> in C# and <c>open type</c> in F#.
/// </summary>
public static partial class Schedulers
{
    /// <summary>Every sampler of the library. What stands here is held to the laws, compiled and compared by the tests.</summary>
    public static IReadOnlyList<SchedulerEntry> All { get; } =
    [
        new("Ho, Jain and Abbeel 2020, arXiv:2006.11239", steps => Ddpm(steps)),
        new("Song, Meng and Ermon 2020, arXiv:2010.02502", steps => Ddim(steps)) { WebUiName = "DDIM" },
        new("Song, Meng and Ermon 2020, arXiv:2010.02502", steps => DdimInverse(steps)) { MarginalException = "runs from clean to noise, with the network's output one step ahead" },
        new("Karras, Aittala, Aila and Laine 2022, arXiv:2206.00364", steps => Euler(steps)) { KDiffusionName = "sample_euler", WebUiName = "Euler" },
        new("Karras, Aittala, Aila and Laine 2022, arXiv:2206.00364", steps => Heun(steps)) { KDiffusionName = "sample_heun", WebUiName = "Heun" },
        new("Karras, Aittala, Aila and Laine 2022, arXiv:2206.00364", steps => EulerAncestral(steps)) { KDiffusionName = "sample_euler_ancestral", WebUiName = "Euler a" },
        new("Karras, Aittala, Aila and Laine 2022, arXiv:2206.00364", steps => Lms(steps)) { KDiffusionName = "sample_lms", WebUiName = "LMS" },
        new("Lu et al. 2022, arXiv:2206.00927", steps => Dpm2(steps)) { KDiffusionName = "sample_dpm_2", WebUiName = "DPM2" },
        new("Lu et al. 2022, arXiv:2206.00927", steps => Dpm2Ancestral(steps)) { KDiffusionName = "sample_dpm_2_ancestral", WebUiName = "DPM2 a" },
        new("Lu et al. 2022, arXiv:2211.01095", steps => DpmSolver(steps)) { KDiffusionName = "sample_dpmpp_2m", WebUiName = "DPM++ 2M" },
        new("Zhang and Chen 2022, arXiv:2204.13902", steps => Deis(steps)),
        new("Zhao, Bai, Rao, Zhou and Lu 2023, arXiv:2302.04867", steps => UniPC(steps)) { WebUiName = "UniPC" },
        new("Xue et al. 2023, arXiv:2309.05019", steps => SASolver(steps)),
        new("Liu, Ren, Lin and Zhao 2022, arXiv:2202.09778; Zhang and Chen 2022, arXiv:2204.13902", steps => Ipndm(steps)) { MarginalException = "takes the network's output for v, whatever the checkpoint predicts" },
        new("Liu, Ren, Lin and Zhao 2022, arXiv:2202.09778", steps => Pndm(steps)) { WebUiName = "PLMS" },
        new("Lu et al. 2022, arXiv:2206.00927 and arXiv:2211.01095", steps => DpmSolverSinglestep(steps)),
        new("Crowson 2022, after Lu et al. 2022, arXiv:2211.01095", steps => DpmSolverSde(steps)) { KDiffusionName = "sample_dpmpp_sde", WebUiName = "DPM++ SDE" },
        new("Karras, Aittala, Aila and Laine 2022, arXiv:2206.00364", steps => EdmEuler(steps)) { KDiffusionName = "sample_euler" },
        new("Lu et al. 2022, arXiv:2211.01095", steps => EdmDpmSolver(steps)) { KDiffusionName = "sample_dpmpp_2m" },
        new("Luo et al. 2023, arXiv:2310.04378", steps => Lcm(steps)) { WebUiName = "LCM", MarginalException = "mixes x̂_0 with x by the boundary scalings of consistency models" },
        new("Zheng et al. 2024, arXiv:2402.19159", steps => Tcd(steps)),
        new("Song, Dhariwal, Chen and Sutskever 2023, arXiv:2303.01469", steps => ConsistencyModel(steps)) { MarginalException = "the network is a consistency function: its output is no prediction of the noise" },
        new("Ramesh et al. 2022, arXiv:2204.06125", steps => UnClip(steps)) { MarginalException = "β_t and ᾱ_t are rounded apart, as in diffusers: near t = 0 they differ by a thousandth" },
        new("Esser et al. 2024, arXiv:2403.03206", steps => FlowEuler(steps)),
        new("Esser et al. 2024, arXiv:2403.03206", steps => FlowHeun(steps)),
    ];

    /// <summary>The sampler that a checkpoint's scheduler_config.json names, with <paramref name="steps"/> steps.</summary>
    /// <param name="config">The checkpoint's config.</param>
    /// <param name="steps">n, 1 to T.</param>
    /// <exception cref="DiffusionException">DIF0211: the class is not known.</exception>
    public static Scheduler From(SchedulerConfig config, int steps)
    {
        var entry = Find(config.ClassName ?? "DDPMScheduler")
            ?? throw Rules.UnknownScheduler.Error(config.ClassName, string.Join(", ", All.Select(candidate => candidate.DiffusersClass)));
        return entry.Create(steps).Resolve(config);
    }

    /// <summary>The sampler that equals a class of diffusers; null where there is none.</summary>
    internal static SchedulerEntry? Find(string? diffusersClass) => All.FirstOrDefault(entry => entry.DiffusersClass == diffusersClass);
}
