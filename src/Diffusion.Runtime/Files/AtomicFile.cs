using System;
using System.IO;

namespace Diffusion.Runtime.Files;

/// <summary>Writes files whole or not at all: to a temporary file beside the target, through to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Replaces a file by these bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its new content.</param>
    public static void Write(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Replaces a file by what <paramref name="write"/> writes; if that throws, the old file stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, Action<Stream> write)
    {
        var target = Path.GetFullPath(path);
        var temporary = target + "." + Guid.NewGuid().ToString("N")[..8] + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
