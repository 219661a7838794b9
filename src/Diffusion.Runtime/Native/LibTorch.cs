using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading;
using Diffusion.Dsl;
using TorchSharp;

namespace Diffusion.Runtime.Native;

/// <summary>
/// Finds and loads libtorch. Nothing needs to be called for that: the first use of this assembly hooks it behind ordinary native loading.
/// </summary>
/// <remarks>
/// <para>
/// Output folders hold no copy of libtorch (500 MB each); where the application's folder has none, the NuGet package folder is used.
/// </para>
/// <para>
/// <c>libLibTorchSharp.so</c> 0.107.0 asks for libstdc++ of GCC 13.2 for one symbol that nothing in it uses. Where the system's libstdc++ is
/// older (Debian 12, Ubuntu 22.04, RHEL 9), a copy with that one demand marked as optional is loaded from a folder of the user's cache.
/// </para>
/// </remarks>
public static class LibTorch
{
    private const string Bridge = "LibTorchSharp";
    private static readonly string[] Torch = ["torch", "torch_cpu", "torch_cuda", "c10"];
    private static readonly Lock Gate = new();
    private static DiffusionException? failure;
    private static IntPtr bridge;
    private static bool ready;

    /// <summary>Makes sure that libtorch is loaded, so that the first tensor operation cannot fail with an obscure message.</summary>
    /// <exception cref="DiffusionException">
    /// DIF0601: no natives exist for this platform. DIF0602: a native library is nowhere to be found. DIF0603: the system refuses a native
    /// library. DIF0604: a native library is damaged. DIF0605: no folder can hold the adapted copy.
    /// </exception>
    public static void Require()
    {
        if (Volatile.Read(ref ready))
        {
            return;
        }

        if (NativeSearch.Find(NativeSearch.Folders(), Bridge) is { } path)
        {
            ElfFile.RequireComplete(path);
        }

        if (!NativeLibrary.TryLoad(Bridge, typeof(torch).Assembly, null, out _))
        {
            throw failure ?? Missing(Bridge);
        }

        Volatile.Write(ref ready, true);
    }

    /// <summary>What ordinary loading could not find; zero leaves the question to others.</summary>
    /// <param name="asking">The assembly that asks.</param>
    /// <param name="library">The name in its <c>DllImport</c>.</param>
    internal static IntPtr Resolve(Assembly asking, string library)
    {
        lock (Gate)
        {
            try
            {
                return library switch
                {
                    Bridge => LoadBridge(),
                    _ when Torch.Contains(library) => LoadTorch(library),
                    _ => IntPtr.Zero,
                };
            }
            catch (DiffusionException exception)
            {
                // TorchSharp swallows what is thrown here and reports something else; Require tells it.
                failure = exception;
                return IntPtr.Zero;
            }
        }
    }

    /// <summary>Loads the bridge between TorchSharp and libtorch, or an adapted copy of it.</summary>
    private static IntPtr LoadBridge()
    {
        if (bridge != IntPtr.Zero)
        {
            return bridge;
        }

        RequirePlatform();
        var path = NativeSearch.Find(NativeSearch.Folders(), Bridge) ?? throw Missing(Bridge);
        ElfFile.RequireComplete(path);
        LoadTorch("torch"); // the bridge and its copy find libtorch by name once it is in the process
        if (!NativeLibrary.TryLoad(path, out bridge))
        {
            bridge = LoadAdapted(path);
        }

        Nnpack.LeaveOutWhereRefused(LoadTorch("torch_cpu"), LoadTorch("c10"));
        return bridge;
    }

    private static IntPtr LoadTorch(string library)
    {
        RequirePlatform();
        var folders = NativeSearch.Folders();
        if (NativeSearch.Find(folders, library) is { } path)
        {
            return Load(path);
        }

        // CUDA's library is absent where libtorch is the CPU build: TorchSharp asks for it to find that out.
        return library == "torch_cuda" ? IntPtr.Zero : throw Missing(library);
    }

    private static IntPtr LoadAdapted(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return Load(path);
        }

        var original = File.ReadAllBytes(path);
        var adapted = ElfVersionNeed.MakeOptional(original, "libstdc++.so.6", "GLIBCXX_3.4.32", path);

        // Nothing to adapt: the loader's own message says what is missing.
        return adapted is null ? Load(path) : Load(AdaptedLibraryCache.Default.Keep(path, original, adapted));
    }

    private static IntPtr Load(string path)
    {
        ElfFile.RequireComplete(path);
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            throw new DiffusionException(Rules.NativeLibraryRefused.Found(path, FirstLine(exception.Message)), exception);
        }
    }

    private static void RequirePlatform()
    {
        if (!NativeSearch.SupportedPlatforms.Contains(NativeSearch.Platform))
        {
            throw Rules.PlatformUnsupported.Error(
                NativeSearch.Platform,
                NativeSearch.TorchSharpVersion,
                string.Join(", ", NativeSearch.SupportedPlatforms));
        }
    }

    private static DiffusionException Missing(string library) => Rules.NativeLibraryMissing.Error(
        NativeSearch.FileName(library),
        string.Join(", ", NativeSearch.Folders()),
        library == Bridge ? "TorchSharp " + NativeSearch.TorchSharpVersion : NativeSearch.LibTorchPackage + " " + NativeSearch.LibTorchVersion);

    // .NET lists every path it tried, each with the loader's sentence: the last one is about the file itself.
    private static string FirstLine(string message) => message
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .FirstOrDefault(line => line.StartsWith('/') || line.Contains(": ", StringComparison.Ordinal)) ?? message;
}
