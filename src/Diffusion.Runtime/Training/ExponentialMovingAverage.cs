using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// A slow copy of a model's parameters, which samples better than the last step's: shadow ← d · shadow + (1 − d) · parameter, with
/// d = min(<see cref="Decay"/>, n / (9 + n)) at the n-th update, as in diffusers' <c>EMAModel</c>; the first update copies.
/// </summary>
public sealed class ExponentialMovingAverage : IDisposable
{
    private readonly Parameter[] parameters;
    private readonly Tensor[] shadow;

    /// <summary>An average that starts at the parameters' values of now.</summary>
    /// <param name="model">The model; its parameters are watched, not owned.</param>
    /// <param name="decay">The largest d, in [0, 1); 0.999 averages over about a thousand updates.</param>
    public ExponentialMovingAverage(nn.Module model, double decay)
    {
        ArgumentNullException.ThrowIfNull(model);
        Decay = decay;
        var named = model.named_parameters().ToArray();
        parameters = [.. named.Select(entry => entry.parameter)];
        shadow = [.. parameters.Select(parameter => parameter.detach().clone().DetachFromDisposeScope())];
        Shadow = named.Select((entry, i) => KeyValuePair.Create(entry.name, shadow[i])).ToDictionary();
    }

    /// <summary>The largest d, in [0, 1).</summary>
    public double Decay { get; }

    /// <summary>How many updates were made; settable to resume a run.</summary>
    public int Updates { get; set; }

    /// <summary>The averages by parameter name, in the parameters' shapes, types and devices; owned by this object.</summary>
    public IReadOnlyDictionary<string, Tensor> Shadow { get; }

    /// <summary>Moves the averages towards the parameters; call it after each optimiser step.</summary>
    public void Update()
    {
        Updates++;
        var decay = DecayAt(Updates, Decay);
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var weight = tensor((float)(1 - decay));
        for (var i = 0; i < shadow.Length; i++)
            shadow[i].lerp_(parameters[i], weight);
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

    internal static double DecayAt(int update, double decay) =>
        update <= 1 ? 0 : Math.Min(decay, update / (9.0 + update));
}
