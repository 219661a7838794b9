using System.Diagnostics;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime.Native;

namespace Diffusion.Tests.Native;

public sealed class TorchBackendTests
{
    [Theory]
    [InlineData("cpu", null)]
    [InlineData("cuda-windows", "TorchSharp-cuda-windows")]
    [InlineData("cuda-linux", "TorchSharp-cuda-linux")]
    public async Task EachBackendBringsOneNativePackage(string backend, string? package)
    {
        var (code, output) = await MsBuild("-getItem:PackageReference", backend);

        Assert.Equal(0, code);
        using var items = JsonDocument.Parse(output);
        var packages = items.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray().Select(item => item.GetProperty("Identity").GetString()!).ToArray();
        Assert.Equal([package ?? NativeSearch.LibTorchPackage], packages.Where(name => name.Contains("torch", System.StringComparison.OrdinalIgnoreCase) && name != "TorchSharp"));
        Assert.Contains("TorchSharp", packages);
    }

    [Fact]
    public async Task AnUnknownBackendIsOneBuildError()
    {
        var (code, output) = await MsBuild("-t:Build", "cuda");

        Assert.NotEqual(0, code);
        var errors = output.Split('\n').Where(line => line.Contains("error", System.StringComparison.Ordinal)).ToArray();
        var error = Assert.Single(errors);
        Assert.Contains("error DIF0606: " + Rules.TorchBackendUnknown.Found("cuda").Message, error, System.StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownBackendIsOneErrorOfARestoreToo()
    {
        var (code, output) = await MsBuild("-t:Restore", "cuda");

        Assert.NotEqual(0, code);
        Assert.Single(output.Split('\n'), line => line.Contains("error DIF0606", System.StringComparison.Ordinal));
    }

    // The project alone: neither what it references nor its output is built, so the tests' own files are not touched.
    private static async Task<(int Code, string Output)> MsBuild(string what, string backend)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = Repository.Root };
        foreach (var argument in new[] { "msbuild", Repository.PathOf("src/Diffusion.Runtime/Diffusion.Runtime.csproj"), "-nologo", "-nodeReuse:false", "-clp:NoSummary;DisableConsoleColor", what, "-p:BuildProjectReferences=false", "-p:TorchBackend=" + backend })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
