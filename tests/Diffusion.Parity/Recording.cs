using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;

namespace Diffusion.Parity;

/// <summary>A safetensors file of recorded tensors, by name.</summary>
internal sealed class Recording(string path) : IDisposable
{
    private readonly ICheckpointReader _reader = Checkpoint.Open(path);

    /// <summary>The names, in ordinal order.</summary>
    public IEnumerable<string> Names => _reader.Entries.Select(entry => entry.Name);

    public bool Has(string name) => Names.Contains(name);

    /// <summary>The tensor in its recorded type; the caller disposes it.</summary>
    public Tensor this[string name] => Has(name) ? _reader.Read(name) : throw new GoldenException($"'{System.IO.Path.GetFileName(_reader.Source)}' has no tensor '{name}'");

    /// <summary>The tensor, or null where it was not recorded.</summary>
    public Tensor? Find(string name) => Has(name) ? _reader.Read(name) : null;

    /// <summary>The outputs, <c>out.…</c>.</summary>
    public IEnumerable<string> Outputs => Names.Where(name => name.StartsWith("out.", StringComparison.Ordinal));

    /// <summary>Every Gaussian tensor that was drawn, in order.</summary>
    public List<Tensor> Noise()
    {
        var tensors = new List<Tensor>();
        while (Find($"noise.{tensors.Count}") is { } next)
        {
            tensors.Add(next);
        }

        return tensors;
    }

    /// <summary>What the file says about itself under a key, or null where it says nothing.</summary>
    public string? Metadata(string key) => _reader.Metadata.TryGetValue(key, out var text) ? text : null;

    public void Dispose() => _reader.Dispose();
}
