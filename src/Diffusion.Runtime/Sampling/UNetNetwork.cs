using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>A U-Net as the samplers see it: its type, both halves of guidance in one batch, and all time embeddings computed before the loop.</summary>
public abstract class UNetNetwork : INetwork
{
    private readonly ConcurrentDictionary<EquatableArray<string>, IReadOnlySet<torch.nn.Module>> _perturbed = [];
    private readonly HoistedTimes _times;
    private readonly torch.nn.Module _model;
    private readonly bool _owns;

    private protected UNetNetwork(torch.nn.Module model, System.Func<double[], PreparedTimes> prepare, bool owns) =>
        (_model, _times, _owns) = (model, new HoistedTimes(prepare), owns);

    /// <summary>The model.</summary>
    internal torch.nn.Module Module => _model;

    /// <summary>The module whose self-attentions may be switched off, by their names in it.</summary>
    private protected virtual torch.nn.Module Attending => _model;

    /// <summary>The type that samples must have.</summary>
    private protected abstract torch.ScalarType DType { get; }

    /// <summary>Whether time embeddings depend on the timestep alone, so that they can be computed before the loop.</summary>
    private protected virtual bool IsHoistable => true;

    /// <summary>Whether, at a prepared time, the network takes constant channels apart from the samples.</summary>
    private protected virtual bool HoistsChannels => false;

    /// <summary>Whether, at a prepared time, the network takes the samples of both halves of guidance once, and gives both.</summary>
    private protected virtual bool SharesHalves => false;

    /// <summary>Computes all time embeddings and every resnet's projection of them in one batched product.</summary>
    /// <param name="timesteps">The timesteps, in order; whole or not, and each as often as a sampler visits it.</param>
    public void Prepare(IReadOnlyList<double> timesteps)
    {
        if (IsHoistable)
        {
            _times.Prepare(timesteps);
        }
    }

    /// <inheritdoc/>
    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning) => Predict(x, timestep, conditioning, Conditions.None);

    /// <inheritdoc/>
    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning, Conditions conditions) =>
        Predict(x, timestep, conditioning, conditions, CancellationToken.None);

    /// <inheritdoc/>
    public Tensor Predict(Tensor x, double timestep, Conditioning conditioning, Conditions conditions, CancellationToken cancellation)
    {
        using var scope = torch.NewDisposeScope();
        var sample = x.to_type(DType);
        var found = _times.Find(timestep);
        if (conditions.Channels is { } channels && !(HoistsChannels && found is not null))
        {
            sample = torch.cat([sample, channels.Values.to_type(DType)], 1);
        }

        if (conditioning == Conditioning.Both && !(SharesHalves && found is not null))
        {
            sample = torch.cat([sample, sample], 0);
        }

        var output = found is { } hoisted
            ? Run(sample, hoisted.Times, hoisted.Row, conditioning, conditions, cancellation)
            : Run(sample, torch.tensor(timestep, dtype: torch.ScalarType.Float32, device: x.device), conditioning, conditions, cancellation);

        return output.to_type(torch.ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _times.Dispose();
        if (_owns)
        {
            _model.Dispose();
        }
    }

    /// <summary>Whether the network has the self-attentions of these names.</summary>
    /// <param name="layers">Beginnings of names.</param>
    /// <exception cref="DiffusionException">DIF0420: it has not.</exception>
    internal void CheckPerturbed(EquatableArray<string> layers) => SwitchedOff(layers);

    /// <summary>A text, or none, with the self-attentions that a run switches off; the text itself where it switches off none.</summary>
    /// <param name="conditions">The run's conditions.</param>
    /// <param name="samples">How many samples there are.</param>
    /// <param name="text">The text; null where the network takes none.</param>
    private protected TextCondition? Perturbed(Conditions conditions, long samples, TextCondition? text = null) =>
        conditions.Perturbed is { } layers ? new PerturbedText(text, samples, SwitchedOff(layers)) : text;

    /// <summary>One prediction at a prepared time.</summary>
    private protected abstract Tensor Run(Tensor sample, PreparedTimes times, int row, Conditioning conditioning, Conditions conditions, CancellationToken cancellation);

    /// <summary>One prediction at any time.</summary>
    private protected abstract Tensor Run(Tensor sample, Tensor timestep, Conditioning conditioning, Conditions conditions, CancellationToken cancellation);

    private IReadOnlySet<torch.nn.Module> SwitchedOff(EquatableArray<string> layers) => _perturbed.GetOrAdd(layers, names => PerturbedLayers.Of(Attending, names));
}
