using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Files;
using SkiaSharp;

namespace Diffusion.Runtime;

/// <content>Moving pictures.</content>
public sealed partial class Image
{
    private const int LongestFrame = 65_535;

    /// <summary>
    /// Writes pictures as an animation without loss, which browsers play again and again: an animated PNG (W3C recommendation PNG, third edition, section 11.3.6). Programs that do
    /// not know animations show the first picture. The file appears whole or not at all.
    /// </summary>
    /// <param name="path">Where to write: <c>.png</c> or <c>.apng</c>.</param>
    /// <param name="frames">At least one, all of one size and as many channels.</param>
    /// <param name="milliseconds">How long each is shown, 1 to 65,535.</param>
    /// <exception cref="DiffusionException">DIF0560: another extension. DIF0454: no pictures. DIF0453: their sizes differ. DIF0455: a time out of range. DIF0563: the file cannot be written.</exception>
    public static void SaveAnimation(string path, IEnumerable<Image> frames, int milliseconds = 100)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(frames);
        var extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension is not (".png" or ".apng"))
            throw Rules.ImageExtension.Error(path, extension);
        if (milliseconds is < 1 or > LongestFrame)
            throw Rules.ImageLayout.Error("the time of a picture", milliseconds.ToString(CultureInfo.InvariantCulture) + " ms", "1 to 65535 ms");

        var files = OneSize(frames).Select(frame =>
        {
            using var data = frame.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, zLibLevel: 6)) ?? throw Rules.ImageFileUnwritable.Error(path, Invariant($"the format does not take an image of {frame}"));
            return data.ToArray();
        }).ToArray();
        try
        {
            AtomicFile.Write(Path.GetFullPath(path), PngAnimation.Join(files, milliseconds));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiffusionException(Rules.ImageFileUnwritable.Found(path, e.Message.TrimEnd('.')), e);
        }
    }
}
