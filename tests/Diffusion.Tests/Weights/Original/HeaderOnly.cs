using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Tests.Weights.Original;

/// <summary>A file of gigabytes whose elements nobody asks for.</summary>
internal sealed class HeaderOnly(IEnumerable<(string Name, long[] Shape)> tensors, params (string Key, string Value)[] metadata) : ICheckpointReader
{
    public string Source => "model.safetensors";

    public IReadOnlyList<TensorEntry> Entries { get; } =
        [.. tensors.Select(tensor => new TensorEntry(tensor.Name, ScalarType.Float16, tensor.Shape.ToEquatableArray())).OrderBy(entry => entry.Name, StringComparer.Ordinal)];

    public IReadOnlyDictionary<string, string> Metadata { get; } = metadata.ToDictionary(pair => pair.Key, pair => pair.Value);

    public Tensor Read(string name, ScalarType? type = null, Device? device = null) => throw new InvalidOperationException("Elements were asked for.");

    public void Dispose()
    {
    }
}
