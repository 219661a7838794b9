using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Diffusion.Runtime.Files;

namespace Diffusion.Runtime.Weights;

/// <summary>
/// The SHA-256 of files that are too large to be read for every picture: kept by path, size and time of the last change, those of large files on the disk as well.
/// A cache that cannot be read or written is no cache: nothing fails because of it.
/// </summary>
/// <param name="folder">Where hashes are kept between programs; null: nowhere.</param>
/// <param name="kept">From how many bytes on a file's hash is worth a file of its own.</param>
internal sealed class FileHashes(string? folder, long kept)
{
    private readonly ConcurrentDictionary<FileStamp, string> _known = [];

    /// <summary>In the user's folder, from 64 MiB on: below it hashing takes less than a tenth of a second.</summary>
    public static FileHashes Default { get; } = new(UserFolder, 64L << 20);

    private static string? UserFolder =>
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } root
            ? Path.Combine(root, "Diffusion.Dsl", "hashes")
            : null;

    /// <summary>The hash in 64 hexadecimal digits; null where the file is not, or no longer, the one that was meant, or cannot be read.</summary>
    /// <param name="file">The file as it was.</param>
    public string? Of(FileStamp file)
    {
        if (FileStamp.Of(file.Path) != file)
        {
            return null;
        }

        if (_known.TryGetValue(file, out var known))
        {
            return known;
        }

        try
        {
            var hash = Find(file) ?? Computed(file);
            return hash is null ? null : _known.GetOrAdd(file, hash);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string? Computed(FileStamp file)
    {
        using var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 20, FileOptions.SequentialScan);
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (FileStamp.Of(file.Path) != file)
        {
            return null;
        }

        if (folder is not null && file.Size >= kept)
        {
            try
            {
                AtomicFile.Write(Cached(folder, file), Encoding.UTF8.GetBytes(Line(file) + hash + "\n"));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Computed again by the next program.
            }
        }

        return hash;
    }

    private string? Find(FileStamp file)
    {
        if (folder is null || file.Size < kept || !File.Exists(Cached(folder, file)))
        {
            return null;
        }

        var text = File.ReadAllText(Cached(folder, file));
        return text.StartsWith(Line(file), StringComparison.Ordinal) && text[Line(file).Length..].TrimEnd('\n') is { Length: 64 } hash ? hash : null;
    }

    private static string Line(FileStamp file) => string.Create(CultureInfo.InvariantCulture, $"{file.Path}\n{file.Size} {file.Changed}\n");

    // One for each path: a file that changed takes its place.
    private static string Cached(string folder, FileStamp file) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Path)))[..32] + ".txt");
}
