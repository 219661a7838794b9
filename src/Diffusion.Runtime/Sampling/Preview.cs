using System;
using System.Linq;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime.Kernels;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>Computes x̂_0 where a fused sampler has no need of it: from the conversion and the guidance that the unfused plan holds for every step.</summary>
internal sealed class Preview(PipelinePlan plan)
{
    private readonly Lazy<PipelinePlan> _fused = new(() => Fusion.Fuse(plan));

    /// <summary>x̂_0 = p·x + q·m with m = Σ w_k·o_k.</summary>
    /// <param name="index">The step.</param>
    /// <param name="x">The sample before the update.</param>
    /// <param name="outputs">m, or what it is a combination of; nothing where it is 0.</param>
    public Tensor Of(int index, Tensor x, Tensor[] outputs)
    {
        var ops = plan.Steps[index].Ops;
        var convert = ops.OfType<ConvertOp>().Last();
        double[] factors = outputs.Length switch
        {
            0 => [convert.P],
            1 => [convert.P, convert.Q],
            _ => [convert.P, .. Sources(index).Select(source => convert.Q * ops.OfType<GuideOp>().Last().Terms.First(term => term.Source == source).Coefficient)],
        };

        return LinearCombination.New(double.PositiveInfinity, factors, [x, .. outputs]);
    }

    // In the order in which the compiled sampler gives them.
    private Register[] Sources(int index) => [.. _fused.Value.Steps[index].Ops.OfType<WatchOp>().Last().Sources.Where(source => source != Register.X)];
}
