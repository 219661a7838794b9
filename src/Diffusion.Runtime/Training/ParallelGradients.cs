using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// The gradient of a mean loss, computed in parts by several workers on one CPU. Each worker has its own copy of the model and one torch thread, so
/// that nothing waits within an operation: on a busy machine two such workers are several times as fast as one operation on two threads. The parts
/// are summed in order: the result does not depend on the number of workers.
/// </summary>
/// <typeparam name="TModel">The kind of model.</typeparam>
public sealed class ParallelGradients<TModel> : IDisposable
    where TModel : nn.Module
{
    private readonly Parameter[] parameters;
    private readonly Replica[] replicas;

    /// <summary>Workers for one model.</summary>
    /// <param name="model">The model, on the CPU; it receives the gradients and is not owned.</param>
    /// <param name="copy">Makes a model of the same structure, whose values do not matter; called once for each worker.</param>
    /// <param name="workers">How many parts are computed at a time, at least 1; the number of cores is a good choice.</param>
    public ParallelGradients(TModel model, Func<TModel> copy, int workers)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(copy);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        parameters = [.. model.parameters()];
        replicas = [.. Enumerable.Range(0, workers).Select(_ => new Replica(copy()))];
    }

    /// <summary>Sets the model's gradients to those of the mean of the parts' losses.</summary>
    /// <param name="parts">How many parts the batch has; all of the same size.</param>
    /// <param name="loss">(a copy of the model, part 0 to <paramref name="parts"/> − 1) → a scalar with its graph. Called on several threads; temporaries are disposed behind it.</param>
    /// <returns>The mean loss.</returns>
    /// <exception cref="AggregateException">Parts failed; the model's gradients are as before.</exception>
    public double Compute(int parts, Func<TModel, int, Tensor> loss)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        ArgumentNullException.ThrowIfNull(loss);
        var gradients = new Tensor[parts];
        var losses = new double[parts];
        var failures = new ConcurrentQueue<Exception>();
        var next = -1;

        // Threads of their own: a thread pool adds and takes away threads by its own clock.
        var threads = replicas.Select(replica => new Thread(() => Work(replica))).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        if (!failures.IsEmpty)
        {
            foreach (var gradient in gradients)
                gradient?.Dispose();
            throw new AggregateException(failures);
        }

        Assign(gradients);
        return losses.Average();

        void Work(Replica replica)
        {
            try
            {
                set_num_threads(1);
                replica.Follow(parameters);
                for (var part = Interlocked.Increment(ref next); part < parts && failures.IsEmpty; part = Interlocked.Increment(ref next))
                {
                    using var scope = NewDisposeScope();
                    var value = loss(replica.Model, part);
                    value.backward();
                    losses[part] = value.item<float>();
                    gradients[part] = replica.TakeGradient().DetachFromDisposeScope();
                }
            }
            catch (Exception e)
            {
                failures.Enqueue(e);
            }
        }
    }

    /// <summary>Frees the workers' copies of the model.</summary>
    public void Dispose()
    {
        foreach (var replica in replicas)
            replica.Model.Dispose();
    }

    private void Assign(Tensor[] gradients)
    {
        using var scope = NewDisposeScope();
        using var sum = gradients[0];
        foreach (var gradient in gradients.Skip(1))
        {
            sum.add_(gradient);
            gradient.Dispose();
        }

        sum.div_(gradients.Length);
        var pieces = sum.split(parameters.Select(parameter => parameter.numel()).ToArray());
        for (var i = 0; i < parameters.Length; i++)
            parameters[i].grad = pieces[i].view(parameters[i].shape);
    }

    private sealed class Replica(TModel model)
    {
        private readonly Parameter[] parameters = [.. model.parameters()];

        public TModel Model => model;

        public void Follow(Parameter[] originals)
        {
            using var recording = no_grad();
            for (var i = 0; i < parameters.Length; i++)
            {
                parameters[i].copy_(originals[i]);
                parameters[i].grad = null; // of a part that failed
            }
        }

        // All gradients in one row, in the order of the parameters; those of the replica become empty.
        public Tensor TakeGradient()
        {
            using var scope = NewDisposeScope();
            using var recording = no_grad();
            var row = cat([.. parameters.Select(parameter => (parameter.grad ?? zeros_like(parameter, requires_grad: false)).flatten())]);
            foreach (var parameter in parameters)
                parameter.grad = null;

            return row.MoveToOuterDisposeScope();
        }
    }
}
