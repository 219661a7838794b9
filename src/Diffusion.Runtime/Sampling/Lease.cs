using System;
using System.Threading;

namespace Diffusion.Runtime.Sampling;

/// <summary>A network in use; dispose it when the stage is done.</summary>
/// <param name="network">The network.</param>
/// <param name="release">Called once, when it is no longer used.</param>
internal sealed class Lease<T>(T network, Action release) : IDisposable
{
    private Action? _release = release;

    /// <summary>The network.</summary>
    public T Network => network;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
