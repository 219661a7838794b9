using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Diffusion.Runtime.Weights;

/// <summary>Finds the folder, or the single file, that a checkpoint's name stands for. Offline: nothing is fetched.</summary>
internal static class ModelFolders
{
    /// <summary>The folder, or null: the path itself, then beside the program, then in the cache of the hub's own tools.</summary>
    public static string? Find(string source) => Candidates(source).FirstOrDefault(Directory.Exists);

    /// <summary>The single file that a checkpoint's name stands for, or null: the path itself, then beside the program.</summary>
    public static string? FindFile(string source) => Candidates(source).FirstOrDefault(File.Exists);

    /// <summary>Where <see cref="Find"/> looks, in order.</summary>
    public static IEnumerable<string> Candidates(string source)
    {
        yield return Path.GetFullPath(source);
        if (Path.IsPathRooted(source))
        {
            yield break;
        }

        yield return Path.Combine(AppContext.BaseDirectory, source);
        var hub = Environment.GetEnvironmentVariable("HF_HOME") is { Length: > 0 } home
            ? Path.Combine(home, "hub")
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "huggingface", "hub");
        var snapshots = Path.Combine(hub, "models--" + source.Replace("/", "--", StringComparison.Ordinal), "snapshots");
        if (Directory.Exists(snapshots))
        {
            foreach (var snapshot in Directory.GetDirectories(snapshots).OrderByDescending(Directory.GetLastWriteTimeUtc))
            {
                yield return snapshot;
            }
        }
    }
}
