using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// A slow copy of a model's parameters, which samples better than the last step's: shadow ← d · shadow + (1 − d) · parameter, with d of
/// <see cref="EmaDecay.At"/>.
/// </summary>
/// <remarks>Parity target: <c>EMAModel</c> of diffusers 0.30.3.</remarks>
public sealed class ExponentialMovingAverage : IDisposable
{
    private readonly Parameter[] parameters;
    private readonly Tensor[] shadow;

    /// <summary>An average that starts at the parameters' values of now.</summary>
    /// <param name="model">The model; its parameters are watched, not owned.</param>
    /// <param name="decay">How strongly the average holds on.</param>
    /// <exception cref="DiffusionException">DIF0220: a number of <paramref name="decay"/> is out of range.</exception>
    public ExponentialMovingAverage(nn.Module model, EmaDecay decay)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(decay);
        var findings = decay.Check().ToArray();
        if (findings.Length > 0)
            throw new DiffusionException(findings);

        Decay = decay;
        var named = model.named_parameters().ToArray();
        parameters = [.. named.Select(entry => entry.parameter)];
        shadow = [.. parameters.Select(Copy)];
        Shadow = named.Select((entry, i) => KeyValuePair.Create(entry.name, shadow[i])).ToDictionary();
    }

    /// <summary>How strongly the average holds on.</summary>
    public EmaDecay Decay { get; }

    /// <summary>How many updates were made; settable to resume a run.</summary>
    public int Updates { get; set; }

    /// <summary>The averages by parameter name, in the parameters' shapes, types and devices; owned by this object.</summary>
    public IReadOnlyDictionary<string, Tensor> Shadow { get; }

    /// <summary>Moves the averages towards the parameters; call it after each optimiser step.</summary>
    public void Update()
    {
        Updates++;
        var decay = Decay.At(Updates);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var weight = tensor((float)(1 - decay));
        var fast = new List<int>();
        for (var i = 0; i < shadow.Length; i++)
        {
            if (AdamKernel.Fits(shadow[i], parameters[i]))
                fast.Add(i);
            else
                shadow[i].lerp_(parameters[i], weight);
        }

        UpdateFast(fast, (float)(1 - decay));
    }

    /// <summary>Copies the averages into the parameters of a model of the same structure.</summary>
    /// <param name="model">The model that changes.</param>
    public void CopyTo(nn.Module model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in model.named_parameters())
            parameter.copy_(Shadow[name]);
    }

    /// <summary>Frees the averages.</summary>
    public void Dispose()
    {
        foreach (var tensor in shadow)
            tensor.Dispose();
    }

    private static Tensor Copy(Parameter parameter)
    {
        using var value = parameter.detach();

        return value.clone().DetachFromDisposeScope();
    }

    private unsafe void UpdateFast(List<int> indices, float weight)
    {
        var pointers = indices.ConvertAll(i => (From: Memory.Of(shadow[i]), To: Memory.Of(parameters[i]), Count: shadow[i].numel()));
        TorchThreads.For(pointers.Count, int.MaxValue, (begin, end) =>
        {
            foreach (var (from, to, count) in pointers.GetRange(begin, end - begin))
                AdamKernel.Average((float*)from, (float*)to, count, weight);
        });
    }
}
