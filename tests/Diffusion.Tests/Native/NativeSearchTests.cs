using System.IO;
using System.Linq;
using System.Reflection;
using Diffusion.Runtime.Native;
using TorchSharp;

namespace Diffusion.Tests.Native;

public sealed class NativeSearchTests
{
    [Fact]
    public void TheApplicationComesFirstThenTheBuildThenThePackages()
    {
        var folders = NativeSearch.Folders("linux-x64", ["/app"], "/known", [null, "/packages"]);

        Assert.Equal(
            ["/app/runtimes/linux-x64/native", "/app", "/known", "/runtimes/linux-x64/native", "/packages/libtorch-cpu-linux-x64/2.10.0/runtimes/linux-x64/native", "/packages/torchsharp/0.107.0/runtimes/linux-x64/native"],
            folders.Select(folder => folder.Replace('\\', '/')));
    }

    [Fact]
    public void TheBuildWroteThePackageFolderIntoTheAssembly()
    {
        var known = typeof(LibTorch).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "Diffusion.LibTorch").Value!;

        Assert.Contains($"libtorch-cpu-{NativeSearch.Platform}/{NativeSearch.LibTorchVersion}/runtimes/{NativeSearch.Platform}/native", known.Replace('\\', '/'), System.StringComparison.Ordinal);
        Assert.True(Directory.Exists(known), known);
    }

    [Fact]
    public void TheVersionsAreThoseOfTheCentralPackageFile()
    {
        var versions = File.ReadAllText(Repository.PathOf("Directory.Packages.props"));

        Assert.Contains($"\"libtorch-cpu-linux-x64\" Version=\"{NativeSearch.LibTorchVersion}\"", versions, System.StringComparison.Ordinal);
        Assert.Contains($"\"TorchSharp\" Version=\"{NativeSearch.TorchSharpVersion}\"", versions, System.StringComparison.Ordinal);
        Assert.Equal(NativeSearch.TorchSharpVersion, typeof(torch).Assembly.GetName().Version!.ToString(3));
    }

    [Fact]
    public void TheOutputFolderHoldsNoCopyOfLibtorch() =>
        Assert.DoesNotContain(
            Directory.EnumerateFiles(System.AppContext.BaseDirectory, "*torch_cpu*", SearchOption.AllDirectories),
            file => new FileInfo(file).Length > 1_000_000);
}
