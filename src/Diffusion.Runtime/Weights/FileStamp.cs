using System;
using System.IO;

namespace Diffusion.Runtime.Weights;

/// <summary>A file as it was at some moment.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Size">Its bytes; −1: it was not there.</param>
/// <param name="Changed">When it was last changed, in ticks of UTC.</param>
internal sealed record FileStamp(string Path, long Size, long Changed)
{
    /// <summary>The file as it is now.</summary>
    /// <param name="path">The file.</param>
    public static FileStamp Of(string path)
    {
        var file = new FileInfo(System.IO.Path.GetFullPath(path));
        try
        {
            return file.Exists ? new(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks) : new(file.FullName, -1, 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(file.FullName, -1, 0);
        }
    }
}
