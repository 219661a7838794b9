using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// Adam with decoupled weight decay, Loshchilov and Hutter (2017), arXiv:1711.05101, Algorithm 2, with PyTorch's defaults and order of operations.
/// Unlike TorchSharp's it shows its moments, so that a run can be saved and resumed.
/// </summary>
public sealed class AdamW : IDisposable
{
    private readonly Parameter[] parameters;
    private readonly Tensor[] first;
    private readonly Tensor[] second;
    private readonly double beta1;
    private readonly double beta2;
    private readonly double epsilon;
    private readonly double weightDecay;

    /// <summary>An optimiser for all parameters of a model, with moments 0.</summary>
    /// <param name="model">The model; its parameters are changed by <see cref="Step"/>, not owned.</param>
    /// <param name="beta1">Memory of the mean gradient, in [0, 1).</param>
    /// <param name="beta2">Memory of the mean squared gradient, in [0, 1).</param>
    /// <param name="epsilon">Added to the root of the second moment.</param>
    /// <param name="weightDecay">λ: each step first shrinks the parameters by 1 − rate · λ.</param>
    public AdamW(nn.Module model, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01)
    {
        ArgumentNullException.ThrowIfNull(model);
        (this.beta1, this.beta2, this.epsilon, this.weightDecay) = (beta1, beta2, epsilon, weightDecay);
        var named = model.named_parameters().ToArray();
        parameters = [.. named.Select(entry => entry.parameter)];
        first = [.. parameters.Select(parameter => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope())];
        second = [.. parameters.Select(parameter => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope())];
        FirstMoments = named.Select((entry, i) => KeyValuePair.Create(entry.name, first[i])).ToDictionary();
        SecondMoments = named.Select((entry, i) => KeyValuePair.Create(entry.name, second[i])).ToDictionary();
    }

    /// <summary>How many steps were made; settable to resume a run.</summary>
    public int Steps { get; set; }

    /// <summary>m, the mean gradients by parameter name; owned by this object, writable to resume a run.</summary>
    public IReadOnlyDictionary<string, Tensor> FirstMoments { get; }

    /// <summary>v, the mean squared gradients by parameter name; owned by this object, writable to resume a run.</summary>
    public IReadOnlyDictionary<string, Tensor> SecondMoments { get; }

    /// <summary>Changes the parameters along their gradients and clears the gradients. Parameters without a gradient stay.</summary>
    /// <param name="learningRate">η of this step.</param>
    public void Step(double learningRate)
    {
        Steps++;
        var rate = learningRate / (1 - Math.Pow(beta1, Steps));
        var correction = Math.Sqrt(1 - Math.Pow(beta2, Steps));
        var factors = new AdamFactors(1 - (learningRate * weightDecay), beta1, beta2, rate, correction, epsilon);
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        var gradients = Array.ConvertAll(parameters, parameter => parameter.grad);
        var fast = new List<int>();
        for (var i = 0; i < parameters.Length; i++)
        {
            if (gradients[i] is not { } gradient)
                continue;
            if (AdamKernel.Fits(parameters[i], gradient, first[i], second[i]))
                fast.Add(i);
            else
                AdamKernel.Plain(parameters[i], gradient, first[i], second[i], factors);
        }

        StepFast(fast, gradients, factors);
        foreach (var parameter in parameters)
            parameter.grad = null;
        HeapPolicy.AfterTrainingStep();
        MaskedConstants.Touch();
    }

    /// <summary>Frees the moments.</summary>
    public void Dispose()
    {
        foreach (var moment in first.Concat(second))
            moment.Dispose();
    }

    private unsafe void StepFast(List<int> indices, Tensor?[] gradients, AdamFactors factors)
    {
        var pointers = indices.ConvertAll(i => (P: Memory.Of(parameters[i]), G: Memory.Of(gradients[i]!), M: Memory.Of(first[i]), V: Memory.Of(second[i]), Count: parameters[i].numel()));
        TorchThreads.For(pointers.Count, int.MaxValue, (begin, end) =>
        {
            foreach (var (p, g, m, v, count) in pointers.GetRange(begin, end - begin))
                AdamKernel.Fast((float*)p, (float*)g, (float*)m, (float*)v, count, factors);
        });
    }
}
