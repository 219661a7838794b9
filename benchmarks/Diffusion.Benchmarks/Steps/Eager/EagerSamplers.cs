using System;
using System.Collections.Generic;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>The samplers written operation by operation, by the class of diffusers that they follow.</summary>
internal static class EagerSamplers
{
    public static IReadOnlyDictionary<string, Func<EagerTable, EagerSampler>> All { get; } = new Dictionary<string, Func<EagerTable, EagerSampler>>(StringComparer.Ordinal)
    {
        ["CMStochasticIterativeScheduler"] = table => new EagerConsistencyModel(table),
        ["DDIMInverseScheduler"] = table => new EagerDdim(table),
        ["DDIMScheduler"] = table => new EagerDdim(table),
        ["DDPMScheduler"] = table => new EagerDdpm(table),
        ["DEISMultistepScheduler"] = table => new EagerDeis(table),
        ["DPMSolverMultistepScheduler"] = table => new EagerDpmSolver(table),
        ["DPMSolverSDEScheduler"] = table => new EagerDpmSolverSde(table),
        ["DPMSolverSinglestepScheduler"] = table => new EagerDpmSolverSinglestep(table),
        ["EDMDPMSolverMultistepScheduler"] = table => new EagerEdmDpmSolver(table),
        ["EDMEulerScheduler"] = table => new EagerEdmEuler(table),
        ["EulerAncestralDiscreteScheduler"] = table => new EagerEulerAncestral(table),
        ["EulerDiscreteScheduler"] = table => new EagerEuler(table),
        ["FlowMatchEulerDiscreteScheduler"] = table => new EagerFlowEuler(table),
        ["FlowMatchHeunDiscreteScheduler"] = table => new EagerFlowHeun(table),
        ["HeunDiscreteScheduler"] = table => new EagerHeun(table),
        ["IPNDMScheduler"] = table => new EagerIpndm(table),
        ["KDPM2AncestralDiscreteScheduler"] = table => new EagerDpm2Ancestral(table),
        ["KDPM2DiscreteScheduler"] = table => new EagerDpm2(table),
        ["LCMScheduler"] = table => new EagerLcm(table),
        ["LMSDiscreteScheduler"] = table => new EagerLms(table),
        ["PNDMScheduler"] = table => new EagerPndm(table),
        ["SASolverScheduler"] = table => new EagerSASolver(table),
        ["TCDScheduler"] = table => new EagerTcd(table),
        ["UnCLIPScheduler"] = table => new EagerUnClip(table),
        ["UniPCMultistepScheduler"] = table => new EagerUniPC(table),
    };
}
