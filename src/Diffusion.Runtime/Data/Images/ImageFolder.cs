using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>
/// Pictures of a folder, read when asked for: with captions where <c>metadata.jsonl</c> lies there, with classes where the pictures lie in subfolders,
/// else plain. The layout of the Hugging Face data sets' <c>imagefolder</c>.
/// </summary>
public sealed class ImageFolder : IImageData
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase) { ".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp" };

    private readonly IReadOnlyList<ImageEntry> entries;

    private ImageFolder(string name, IReadOnlyList<ImageEntry> entries, IReadOnlyList<string> classes) => (Name, this.entries, Classes) = (name, entries, classes);

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => entries.Count;

    /// <summary>The names of the subfolders in ordinal order, or nothing.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>The pictures of a folder; files are listed, not read, in ordinal order (with metadata: in its order).</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="captionKey">The key of the caption in the lines of <c>metadata.jsonl</c>.</param>
    /// <exception cref="DiffusionException">DIF0520: the folder or its metadata cannot be read. DIF0523: no pictures. DIF0524: a line of the metadata is not usable.</exception>
    public static ImageFolder Open(string folder, string captionKey = "text")
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        try
        {
            var metadata = Path.Combine(folder, "metadata.jsonl");
            if (File.Exists(metadata))
                return Checked(folder, ImageMetadata.Read(folder, metadata, captionKey), []);

            var classes = Directory.EnumerateDirectories(folder).Where(inner => Pictures(inner).Any()).Select(Path.GetFileName).Order(StringComparer.Ordinal).ToArray();
            var inFolders = classes.SelectMany((name, label) => Pictures(Path.Combine(folder, name!)).Select(path => new ImageEntry(path, label, null)));
            return classes.Length > 0
                ? Checked(folder, [.. inFolders], classes!)
                : Checked(folder, [.. Pictures(folder).Select(path => new ImageEntry(path, null, null))], []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiffusionException(Rules.DataFileMissing.Found(folder, e.Message.TrimEnd('.')), e);
        }
    }

    /// <inheritdoc/>
    public ImageSample Read(int index)
    {
        if (index < 0 || index >= Count)
            throw Rules.DataRange.Error("index", index, FormattableString.Invariant($"0 to {Count - 1}"));

        var entry = entries[index];
        return new ImageSample(Image.Load(entry.Path), entry.Path, entry.Label, entry.Caption);
    }

    /// <summary>Reads every picture and tells which cannot be read, by name: a look before a long training.</summary>
    /// <param name="cancellation">Stops between two pictures.</param>
    /// <returns>DIF0561 and DIF0562, one for each broken picture, in order; empty if all are well.</returns>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public IReadOnlyList<Finding> Check(CancellationToken cancellation = default)
    {
        var findings = new List<Finding>();
        foreach (var entry in entries)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                Image.Load(entry.Path);
            }
            catch (DiffusionException broken)
            {
                findings.AddRange(broken.Findings);
            }
        }

        return findings;
    }

    private static ImageFolder Checked(string folder, IReadOnlyList<ImageEntry> entries, IReadOnlyList<string> classes) =>
        entries.Count > 0 ? new ImageFolder(folder, entries, classes) : throw Rules.NoData.Error("the folder " + folder, "no pictures (.png, .jpg, .jpeg, .webp, .gif, .bmp)");

    private static IEnumerable<string> Pictures(string folder) =>
        Directory.EnumerateFiles(folder).Where(path => Extensions.Contains(Path.GetExtension(path))).Order(StringComparer.Ordinal);
}
