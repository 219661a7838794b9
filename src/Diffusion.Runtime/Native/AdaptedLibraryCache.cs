using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Diffusion.Dsl;
using Diffusion.Runtime.Files;

namespace Diffusion.Runtime.Native;

/// <summary>Keeps adapted copies of native libraries in a folder that only this user can read and write.</summary>
/// <param name="candidates">Folders to use, best first; created where absent.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class AdaptedLibraryCache(IReadOnlyList<string> candidates)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>In the user's cache folder, or else in the folder for temporary files.</summary>
    public static AdaptedLibraryCache Default { get; } = new(
    [
        Path.Combine(UserCache, "diffusion-dsl", "native"),
        // One level: the folder for temporary files lets nobody rename what another user owns, a folder in it might.
        Path.Combine(Path.GetTempPath(), "diffusion-dsl-" + UnixOwner.Current),
    ]);

    // https://specifications.freedesktop.org/basedir-spec: relative paths are invalid and ignored.
    private static string UserCache => Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } given && Path.IsPathRooted(given)
        ? given
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");

    /// <summary>Writes the copy unless the right one is there already.</summary>
    /// <param name="path">The original's path, for names and messages.</param>
    /// <param name="original">The original's bytes; their hash is the key.</param>
    /// <param name="adapted">The copy's bytes.</param>
    /// <returns>The path of a file that this user owns, that nobody else can write, and that holds exactly <paramref name="adapted"/>.</returns>
    /// <exception cref="DiffusionException">DIF0605: none of the folders can be used.</exception>
    public string Keep(string path, byte[] original, byte[] adapted)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(original));
        var reasons = new List<string>();
        foreach (var candidate in candidates)
        {
            try
            {
                var folder = Path.Combine(candidate, key);
                MakePrivate(candidate);
                MakePrivate(folder);
                var file = Path.Combine(folder, Path.GetFileName(path));
                if (!Holds(file, adapted))
                {
                    AtomicFile.Write(file, adapted, OwnerOnly);
                }

                return file;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                reasons.Add(exception.Message);
            }
        }

        throw Rules.NativeCacheUnusable.Error(path, string.Join(", ", candidates), string.Join(" ", reasons));
    }

    private static void MakePrivate(string folder)
    {
        Directory.CreateDirectory(folder, OwnerOnly);
        if (UnixOwner.Of(folder) != UnixOwner.Current)
        {
            throw new IOException($"The folder {folder} belongs to another user.");
        }

        if ((File.GetUnixFileMode(folder) & OthersMayWrite) != 0)
        {
            File.SetUnixFileMode(folder, OwnerOnly);
        }
    }

    /// <summary>Whether the file is ours, closed to others, and right; a file that is not gets replaced, whatever it is.</summary>
    private static bool Holds(string file, byte[] content) =>
        File.Exists(file)
        && new FileInfo(file) is { LinkTarget: null } info
        && info.Length == content.Length
        && UnixOwner.Of(file) == UnixOwner.Current
        && (info.UnixFileMode & OthersMayWrite) == 0
        && File.ReadAllBytes(file).AsSpan().SequenceEqual(content);
}
