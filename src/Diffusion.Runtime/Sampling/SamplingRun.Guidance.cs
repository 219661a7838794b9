using System;
using Diffusion.Dsl;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <content>What guiders beside classifier-free guidance ask for, and what they show.</content>
public sealed partial class SamplingRun
{
    private Conditions? _perturbed;

    /// <summary>The worse network of autoguidance; null where nothing compares with one. The caller keeps it.</summary>
    public INetwork? Worse { get; init; }

    /// <summary>The self-attentions that perturbed-attention guidance switches off, as beginnings of their names; empty for the middle block's.</summary>
    public EquatableArray<string> PerturbedLayers { get; init; }

    /// <summary>The network's output under the pipeline's condition with some self-attentions switched off, [N, C, H, W].</summary>
    /// <param name="x">The sample.</param>
    /// <param name="timestep">t.</param>
    /// <param name="scale">The factor on the input.</param>
    /// <param name="split">Whether the second half of the channels is the variance, which is left out.</param>
    public Tensor EvaluatePerturbed(Tensor x, double timestep, double scale = 1, bool split = false) =>
        Prediction(_network.Predict(Scaled(x, scale), timestep, Conditioning.Conditional, _perturbed ??= Conditions.WithPerturbed(PerturbedLayers), Cancellation), split);

    /// <summary>The worse network's output under the pipeline's condition, [N, C, H, W].</summary>
    /// <param name="x">The sample.</param>
    /// <param name="timestep">t.</param>
    /// <param name="scale">The factor on the input.</param>
    /// <param name="split">Whether the second half of the channels is the variance, which is left out.</param>
    public Tensor EvaluateWorse(Tensor x, double timestep, double scale = 1, bool split = false) =>
        Prediction((Worse ?? throw new InvalidOperationException("the run was given no worse network")).Predict(Scaled(x, scale), timestep, Conditioning.Conditional, Conditions, Cancellation), split);

    /// <summary>Passes an evaluation whose prediction is 0 without asking the network.</summary>
    /// <param name="timestep">t.</param>
    public void SkipEvaluation(double timestep) => _timestep = timestep;

    /// <summary>Lets x̂_0 be computed from x and several predictions, if someone looks.</summary>
    /// <param name="index">The step.</param>
    /// <param name="x">The sample before the update.</param>
    /// <param name="outputs">What guidance combines, in the order in which the fused step lists it.</param>
    public void Watch(int index, Tensor x, params Tensor[] outputs) => Show(() => _preview!.Of(index, x, outputs));

    /// <summary>Lets x̂_0 be computed from x alone, where the prediction is 0, if someone looks.</summary>
    /// <param name="index">The step.</param>
    /// <param name="x">The sample before the update.</param>
    public void WatchZero(int index, Tensor x) => Show(() => _preview!.Of(index, x, []));

    private static Tensor Prediction(Tensor output, bool split)
    {
        if (!split)
        {
            return output;
        }

        using (output)
        {
            return output.narrow(1, 0, output.shape[1] / 2);
        }
    }
}
