using System;
using System.IO;

namespace Diffusion.Runtime.Files;

/// <summary>Writes files whole or not at all: to a temporary file beside the target, through to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Replaces a file by these bytes; its folder is made if absent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its new content.</param>
    /// <param name="mode">Who may do what with the file, where the system knows such modes; null: as usual.</param>
    public static void Write(string path, byte[] bytes, UnixFileMode? mode = null) => Write(path, stream => stream.Write(bytes), mode);

    /// <summary>Replaces a file by what <paramref name="write"/> writes; if that throws, the old file stays. Its folder is made if absent.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="mode">Who may do what with the file, where the system knows such modes; null: as usual.</param>
    public static void Write(string path, Action<FileStream> write, UnixFileMode? mode = null)
    {
        var target = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, "." + Path.GetFileName(target) + "." + Path.GetRandomFileName());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            // Whoever has the old file open or mapped keeps it: the name moves, the bytes do not change.
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
