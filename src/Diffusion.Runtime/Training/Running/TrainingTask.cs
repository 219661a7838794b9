using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// What a <see cref="Trainer"/> trains: a model and the loss of a batch. All randomness of a step is drawn at once, for all pictures of the step, so that a
/// step of four batches of 16 is the step of one batch of 64.
/// </summary>
public abstract class TrainingTask : IDisposable
{
    /// <summary>The model whose parameters are trained, float32.</summary>
    public abstract nn.Module Model { get; }

    /// <summary>Whether the model draws from torch's global generator (dropout layers): it is then seeded anew for every step, so that a run can be resumed.</summary>
    public virtual bool DrawsGlobally => false;

    /// <summary>Draws everything random of one step.</summary>
    /// <param name="shape">The shape of all pictures of the step, <c>[N, C, H, W]</c>.</param>
    /// <param name="random">Where random numbers come from; the order of draws decides which.</param>
    /// <returns>Tensors whose first axis is N, in the caller's dispose scope; each batch gets its rows.</returns>
    public abstract IReadOnlyList<Tensor> Draw(long[] shape, Generator random);

    /// <summary>The mean loss of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="draws">The batch's rows of what <see cref="Draw"/> gave.</param>
    /// <returns>A scalar with its graph; temporaries belong to the caller's dispose scope.</returns>
    public abstract Tensor Loss(ImageBatch batch, IReadOnlyList<Tensor> draws);

    /// <summary>Refuses a batch that does not fit the model, with one sentence.</summary>
    /// <param name="batch">The batch, before its loss is computed.</param>
    /// <param name="data">The name of the data, for the sentence.</param>
    public virtual void Check(ImageBatch batch, string data)
    {
    }

    /// <summary>Called before the losses of a step.</summary>
    public virtual void BeginStep()
    {
    }

    /// <summary>Called behind the backward passes of a step: the gradients must be the model's.</summary>
    public virtual void EndGradients()
    {
    }

    /// <summary>Pictures that the model makes now, for the sample grids; null: it makes none.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed of the first one.</param>
    /// <param name="scheduler">The sampler.</param>
    public virtual IReadOnlyList<Image>? Sample(int count, long seed, Scheduler scheduler) => null;

    /// <summary>Writes the finished model as others load it.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    public abstract void SavePretrained(string folder);

    /// <summary>Frees the model.</summary>
    public abstract void Dispose();
}
