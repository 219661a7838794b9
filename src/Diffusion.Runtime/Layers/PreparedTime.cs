using System.Collections.Generic;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>One step of projections that were made beforehand.</summary>
/// <param name="projections">For each resnet's <c>time_emb_proj</c> its output for all steps, <c>[S, N, out, 1, 1]</c>.</param>
/// <param name="step">The step, counted from 0.</param>
internal sealed class PreparedTime(IReadOnlyDictionary<Linear, Tensor> projections, int step) : TimeCondition
{
    internal override Tensor Project(Linear projection) => projections[projection].select(0, step);
}
