using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>A part of a file as a checkpoint of its own, under the names of its parameters. Nothing is copied before it is asked for.</summary>
internal sealed class PartReader : ICheckpointReader
{
    private readonly ICheckpointReader _file;
    private readonly Dictionary<string, PartTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Func<string, string?> _toOriginal;

    /// <param name="file">The whole file; not disposed.</param>
    /// <param name="tensors">What it holds of the part.</param>
    /// <param name="toOriginal">The original name of a parameter, whether it is there or not.</param>
    /// <exception cref="DiffusionException">DIF0512: two tensors become one parameter.</exception>
    public PartReader(ICheckpointReader file, IEnumerable<PartTensor> tensors, Func<string, string?> toOriginal)
    {
        (_file, _toOriginal) = (file, toOriginal);
        foreach (var tensor in tensors)
        {
            if (!_tensors.TryAdd(tensor.Name, tensor))
                throw Rules.RenameCollision.Error(tensor.Name, _tensors[tensor.Name].Original.Name, tensor.Original.Name, file.Source);
        }

        Entries = [.. _tensors.Values.Select(tensor => tensor.Entry).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public string Source => _file.Source;

    /// <inheritdoc/>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => _file.Metadata;

    /// <inheritdoc/>
    public string NameInFile(string name) => _tensors.TryGetValue(name, out var tensor) ? tensor.Original.Name : _toOriginal(name) ?? name;

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? type = null, Device? device = null)
    {
        var tensor = Find(name);
        if (tensor.Edit == TensorEdit.None)
            return _file.Read(tensor.Original.Name, type, device);

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var edited = tensor.Edit.Apply(_file.Read(tensor.Original.Name));

        return edited.to(type ?? edited.dtype, device ?? CPU).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor destination)
    {
        var tensor = Find(name);
        if (!tensor.Entry.Shape.SequenceEqual(destination.shape))
            throw Rules.TensorShape.Error(tensor.Original.Name, Source, tensor.Original.Shape, destination.shape.ToEquatableArray());

        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var target = destination.detach();
        if (tensor.Entry.Shape == tensor.Original.Shape && tensor.Edit != TensorEdit.Transposed)
            _file.CopyTo(tensor.Original.Name, target);
        else if (tensor.Edit == TensorEdit.Pointwise && target.is_contiguous())
            _file.CopyTo(tensor.Original.Name, target.view([.. tensor.Original.Shape]));
        else
            target.copy_(tensor.Edit.Apply(_file.Read(tensor.Original.Name)));
    }

    /// <summary>Nothing: the file is another's.</summary>
    public void Dispose()
    {
    }

    private PartTensor Find(string name) => _tensors.TryGetValue(name, out var tensor) ? tensor : throw Checkpoint.Missing(this, name);
}
