using System.Linq;
using Diffusion.Dsl.Planning;
using Diffusion.Dsl.Steps;
using Diffusion.Runtime.Kernels;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>Computes x̂_0 where a fused sampler has no need of it: from the conversion that the unfused plan holds for every step.</summary>
internal sealed class Preview(PipelinePlan plan)
{
    /// <summary>x̂_0 = p·x + q·m.</summary>
    public Tensor Of(int index, Tensor x, Tensor m)
    {
        var convert = plan.Steps[index].Ops.OfType<ConvertOp>().Last();
        return Combine.New(convert.P, x, convert.Q, m);
    }

    /// <summary>m = (1 − w)·u + w·c.</summary>
    public Tensor Guided(int index, Tensor u, Tensor c)
    {
        var guide = plan.Steps[index].Ops.OfType<GuideOp>().Last();
        return Combine.New(guide.Terms[0].Coefficient, u, guide.Terms[1].Coefficient, c);
    }
}
