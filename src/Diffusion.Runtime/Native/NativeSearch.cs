using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Diffusion.Runtime.Native;

/// <summary>Where libtorch's native libraries may lie, and what they are called here.</summary>
internal static class NativeSearch
{
    /// <summary>The libtorch version that TorchSharp 0.107.0 is built against.</summary>
    public const string LibTorchVersion = "2.10.0";

    /// <summary>The TorchSharp version whose natives this project is tested with.</summary>
    public const string TorchSharpVersion = "0.107.0";

    /// <summary>The platforms that the packages hold natives for.</summary>
    public static readonly string[] SupportedPlatforms = ["linux-x64", "win-x64", "osx-arm64"];

    /// <summary>The runtime identifier whose natives this process needs; not necessarily a supported one.</summary>
    public static string Platform
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : "unknown";
            var musl = RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "-musl" : "";
            return system + musl + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        }
    }

    /// <summary>The package that brings libtorch for <see cref="Platform"/>.</summary>
    public static string LibTorchPackage => "libtorch-cpu-" + Platform;

    /// <summary>The folders to look in, best first: the application's own, the one known at build time, the package folders.</summary>
    public static IReadOnlyList<string> Folders() => Folders(
        Platform,
        [AppContext.BaseDirectory, FolderOf(typeof(NativeSearch).Assembly), FolderOf(typeof(torch).Assembly)],
        typeof(NativeSearch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(item => item.Key == "Diffusion.LibTorch")?.Value,
        [
            Environment.GetEnvironmentVariable("NUGET_PACKAGES"),
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        ]);

    /// <summary>As <see cref="Folders()"/>, with everything that depends on the process given.</summary>
    /// <param name="platform">The runtime identifier.</param>
    /// <param name="applications">The application's folder, and those of the managed libraries.</param>
    /// <param name="known">The folder written into this assembly when it was built.</param>
    /// <param name="packages">The roots of the NuGet package folders.</param>
    public static IReadOnlyList<string> Folders(string platform, IEnumerable<string?> applications, string? known, IEnumerable<string?> packages)
    {
        var native = Path.Combine("runtimes", platform, "native");
        var own = Given(applications).SelectMany(folder => new[] { Path.Combine(folder, native), folder });

        // A script that references TorchSharp as a package runs it from the package folder: lib/<framework>/TorchSharp.dll.
        var beside = Given(applications).Select(folder => Path.GetFullPath(Path.Combine(folder, "..", "..", native)));
        var restored = Given(packages).SelectMany(root => new[]
        {
            Path.Combine(root, "libtorch-cpu-" + platform, LibTorchVersion, native),
            Path.Combine(root, "torchsharp", TorchSharpVersion, native),
        });
        return [.. own.Concat(Given([known])).Concat(beside).Concat(restored).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>The first file of this library that exists, or null.</summary>
    /// <param name="folders">Where to look, in order.</param>
    /// <param name="library">The library's name without prefix and ending, such as <c>torch_cpu</c>.</param>
    public static string? Find(IEnumerable<string> folders, string library) =>
        folders.Select(folder => Path.Combine(folder, FileName(library))).FirstOrDefault(File.Exists);

    /// <summary>The file name of a library on this system: <c>libtorch_cpu.so</c>, <c>torch_cpu.dll</c>, <c>libtorch_cpu.dylib</c>.</summary>
    /// <param name="library">The library's name without prefix and ending.</param>
    public static string FileName(string library) =>
        OperatingSystem.IsWindows() ? library + ".dll" : OperatingSystem.IsMacOS() ? "lib" + library + ".dylib" : "lib" + library + ".so";

    private static IEnumerable<string> Given(IEnumerable<string?> paths) => paths.Where(path => !string.IsNullOrEmpty(path)).Select(path => path!);

    // Empty in a single-file application, whose natives lie in the application's folder.
    private static string? FolderOf(Assembly assembly) => Path.GetDirectoryName(assembly.Location);
}
