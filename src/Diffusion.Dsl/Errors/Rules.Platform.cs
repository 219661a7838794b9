namespace Diffusion.Dsl;

public static partial class Rules
{
    /// <summary>The operating system or processor has no libtorch natives.</summary>
    public static readonly Rule PlatformUnsupported = new(
        "DIF0601",
        "No libtorch for this platform",
        "The process runs on {0}, but TorchSharp {1} has native libraries for {2} only; run on one of those");

    /// <summary>The native libraries of libtorch are nowhere to be found.</summary>
    public static readonly Rule NativeLibraryMissing = new(
        "DIF0602",
        "Native library not found",
        "The native library {0} was not found in {1}; add the NuGet package {2} to the application, or restore it again if it was deleted");

    /// <summary>A native library exists, but the system's loader refuses it.</summary>
    public static readonly Rule NativeLibraryRefused = new(
        "DIF0603",
        "Native library cannot be loaded",
        "The native library {0} cannot be loaded on this system ({1}); install what that message names, or restore the package again if the file is damaged");

    /// <summary>A native library is not a complete ELF file.</summary>
    public static readonly Rule NativeLibraryDamaged = new(
        "DIF0604",
        "Native library is damaged",
        "The native library {0} is not a complete 64-bit ELF library ({1}); delete its package folder and restore the package again");

    /// <summary>There is no folder in which the adapted native library may be kept.</summary>
    public static readonly Rule NativeCacheUnusable = new(
        "DIF0605",
        "No usable cache folder",
        "The native library {0} needs an adapted copy on this system, but none of the folders {1} can be used ({2}); make one of them a folder that this user owns and can write");

    /// <summary>The build property TorchBackend has a value that does not exist. Reported by MSBuild.</summary>
    public static readonly Rule TorchBackendUnknown = new(
        "DIF0606",
        "Unknown TorchBackend",
        "TorchBackend is '{0}'; allowed are cpu, cuda-windows and cuda-linux; write for instance -p:TorchBackend=cpu");

    /// <summary>A publish could not take libtorch along. Reported by MSBuild.</summary>
    public static readonly Rule PublishedWithoutLibTorch = new(
        "DIF0607",
        "Published without libtorch",
        "The published application has no libtorch for {0}, because the package libtorch-cpu-{0} is not restored; add a PackageReference to libtorch-cpu-{0} {1}",
        RuleSeverity.Warning);
}
