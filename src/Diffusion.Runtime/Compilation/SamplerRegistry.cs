using System;
using System.Collections.Concurrent;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <summary>
/// Generated samplers by key. Module initialisers of assemblies with generated code fill it, so that calls which cannot be intercepted (F#, scripts,
/// method groups) find the same code.
/// </summary>
public static class SamplerRegistry
{
    private static readonly ConcurrentDictionary<string, Func<Sampler>> Samplers = new(StringComparer.Ordinal);

    /// <summary>Adds a sampler; the first one of a key stays.</summary>
    /// <param name="key">The spec's key.</param>
    /// <param name="create">Makes the sampler.</param>
    public static void Register(string key, Func<Sampler> create) => Samplers.TryAdd(key, create);

    /// <summary>The sampler of a key, or null.</summary>
    /// <param name="key">The spec's key.</param>
    internal static Sampler? Find(string key) => Samplers.TryGetValue(key, out var create) ? create() : null;
}
