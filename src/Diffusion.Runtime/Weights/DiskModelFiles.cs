using System;
using System.Collections.Generic;
using System.IO;
using Diffusion.Dsl;
using Diffusion.Runtime.Weights.Original;

namespace Diffusion.Runtime.Weights;

/// <summary>
/// The config files of checkpoints on this machine's disk. A single file in the original layout has none: it is shown as the folder that it would be, with what its
/// names and shapes tell; of such a file the header is read, and that once.
/// </summary>
/// <param name="prediction">What the networks predict, where the definition says it; it counts for single files that do not say.</param>
internal sealed class DiskModelFiles(PredictionType? prediction = null) : IModelFiles
{
    private readonly Dictionary<string, OriginalLayout> _layouts = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <exception cref="DiffusionException">DIF0503 to DIF0513, DIF0526 to DIF0528: a single file is none that can be read.</exception>
    public string? Find(string source, string path)
    {
        if (ModelFolders.FindFile(source) is { } single)
        {
            return OriginalConfigs.Find(Layout(single), path)?.ToString();
        }

        var folder = ModelFolders.Find(source);
        var file = folder is null ? null : Path.Combine(folder, path);
        return file is not null && File.Exists(file) ? File.ReadAllText(file) : null;
    }

    private OriginalLayout Layout(string file)
    {
        if (!_layouts.TryGetValue(file, out var layout))
        {
            _layouts.Add(file, layout = OriginalCheckpoint.Recognise(file, prediction));
        }

        return layout;
    }
}
