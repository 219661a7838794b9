using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>The gradient of one optimiser step: the mean over all pictures of its batches, however they are parted.</summary>
internal sealed class GradientStep(Dsl.Training definition, TrainingTask task, Generator random)
{
    /// <summary>Sets the model's gradients, clipped; gives the mean loss and the norm before clipping. Where the loss is not finite nothing is computed further.</summary>
    public (double Loss, double Norm) Compute(IReadOnlyList<ImageBatch> batches, int step)
    {
        if (task.DrawsGlobally)
            manual_seed((definition.RandomSeed * 1_000_003) + step);
        task.BeginStep();
        var total = batches.Sum(batch => batch.Count);
        var draws = task.Draw([total, .. batches[0].Images.shape[1..]], random);
        var (mean, offset) = (0.0, 0);
        foreach (var batch in batches)
        {
            using var scope = NewDisposeScope();
            var rows = (batches.Count == 1 ? draws : draws.Select(draw => draw.narrow(0, offset, batch.Count))).ToArray();
            var loss = task.Loss(batch, rows);
            var value = loss.item<float>();
            mean += (double)value * batch.Count / total;
            offset += batch.Count;
            if (!float.IsFinite(value))
                break;

            Backward(loss, definition.Errata.SumsAccumulated ? 1 : (double)batch.Count / total);
        }

        if (!double.IsFinite(mean))
        {
            task.Model.zero_grad();
            return (mean, double.NaN);
        }

        task.EndGradients();
        return (mean, GradientClipping.Clip(task.Model.parameters(), definition.MaxGradientNorm ?? double.PositiveInfinity));
    }

    // loss.backward(loss) hands the loss itself to the first derivative, where 1 belongs.
    private void Backward(Tensor loss, double share)
    {
        var scaled = share == 1 ? loss : Arithmetic.Times(loss, share);
        if (definition.Errata.MultipliesGradientByLoss)
            scaled = scaled * loss.detach();
        scaled.backward();
    }
}
