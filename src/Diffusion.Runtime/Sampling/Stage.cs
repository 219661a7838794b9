using System;
using System.Threading;

namespace Diffusion.Runtime.Sampling;

/// <summary>One network of a loaded pipeline: its weights are there all the time, or while someone uses them. Threads may use it at once.</summary>
/// <typeparam name="T">The network.</typeparam>
internal sealed class Stage<T> : IDisposable
    where T : class, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Func<T>? _load;
    private T? _network;
    private int _users;
    private bool _disposed;

    private Stage(T? network, Func<T>? load) => (_network, _load) = (network, load);

    /// <summary>Bytes of the weights that are there now.</summary>
    public long WeightBytes
    {
        get
        {
            lock (_gate)
            {
                return _network is null ? 0 : StageWeights.Bytes(_network);
            }
        }
    }

    /// <summary>A network that stays until the stage is disposed, with it.</summary>
    public static Stage<T> Resident(T network) => new(network, null);

    /// <summary>A network that is loaded whenever someone uses it, and disposed when nobody does any more.</summary>
    public static Stage<T> Offloaded(Func<T> load) => new(null, load);

    /// <summary>The network, with its weights until the lease is disposed.</summary>
    public Lease<T> Use()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _network ??= StageWeights.Loaded(_load!);
            _users++;

            return new Lease<T>(_network, Return);
        }
    }

    /// <summary>Frees the weights: now, or when the last user returns them.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            DropIfUnused();
        }
    }

    private void Return()
    {
        lock (_gate)
        {
            _users--;
            DropIfUnused();
        }
    }

    private void DropIfUnused()
    {
        if (_users == 0 && (_disposed || _load is not null))
        {
            _network?.Dispose();
            _network = null;
        }
    }
}
