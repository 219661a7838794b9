using System;
using System.IO;

namespace Diffusion.Tests;

/// <summary>Where the sources lie that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of <c>Dsl.sln</c>, above the test assembly.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The full path of a file or folder of the repository; '/' separates.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative.Replace('/', Path.DirectorySeparatorChar));

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Dsl.sln"))
            ? folder
            : Find(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Dsl.sln is in no folder above the test assembly."));
}
