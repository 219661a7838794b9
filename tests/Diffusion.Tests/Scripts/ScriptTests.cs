using System;
using System.Diagnostics;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Scripts;

/// <summary>The scripts and the F# program of examples/, run as their hosts run them, in a folder of their own.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("diffusion-scripts-").FullName;

    [Fact]
    public async Task TheCSharpScriptDrawsTheSamePicturesAsAProgram()
    {
        await RunCSharp("quickstart.csx");
        Assert.Equal(Digits(), Image.Load(PathOf("digits.png")));
    }

    [Fact]
    public async Task TheFSharpScriptDrawsTheSamePicturesAsAProgram()
    {
        var output = await RunFSharp("quickstart.fsx");
        Assert.Contains("RunTime", output);
        Assert.Equal(Digits(), Image.Load(PathOf("digits.png")));
    }

    [Fact]
    public async Task TextBecomesTheSamePicturesInACSharpScript()
    {
        await RunCSharp("text_to_image.csx");
        Assert.Equal(Circles(), Image.Load(PathOf("circle.png")));
    }

    [Fact]
    public async Task TextBecomesTheSamePicturesInAnFSharpScript()
    {
        await RunFSharp("text_to_image.fsx");
        Assert.Equal(Circles(), Image.Load(PathOf("circle.png")));
    }

    [Fact]
    public async Task TextBecomesTheSamePicturesInAnFSharpProgram()
    {
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Repository.PathOf($"examples/fsharp/bin/{here.Parent!.Name}/{here.Name}/text_to_image.dll");
        await RunProcess(program, "a red circle on a blue background", PathOf("circle.png"));
        Assert.Equal(Circles(), Image.Load(PathOf("circle.png")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Image Digits()
    {
        using var run = Pipeline.From(Pretrained.From(Repository.PathOf("models/digits")).Unet).Scheduler(Ddim(10)).Compile().Load();
        return run.Generate(count: 8, seed: 42).Grid(columns: 8).Enlarge(4);
    }

    private static Image Circles()
    {
        var shapes = Pretrained.From(Repository.PathOf("models/shapes"));
        using var run = Pipeline.From(shapes.Vae).Text(shapes.Clip).Unet(shapes.Unet).Scheduler(DpmSolver(20)).Guidance(Cfg(3.5)).Compile().Load();
        return run.Generate("a red circle on a blue background", count: 4, seed: 42).Grid(columns: 4, padding: 4, background: 64).Enlarge(2);
    }

    private async Task RunCSharp(string name) =>
        await CSharpScript.Create(Prepared(name), ScriptOptions.Default.AddReferences("System.Runtime", "System.Console").AddImports("System")).RunAsync();

    private async Task<string> RunFSharp(string name)
    {
        await File.WriteAllTextAsync(PathOf(name), Prepared(name));
        return await RunProcess("fsi", "--quiet", PathOf(name));
    }

    private static async Task<string> RunProcess(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.PathOf(".") })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var said = await errors;
        Assert.True(process.ExitCode == 0, output + said);
        Assert.DoesNotContain("NNPACK", said, StringComparison.Ordinal); // libtorch's warning on processors that it does not know
        return output;
    }

    /// <summary>The script with its folder's paths made absolute: tests run elsewhere, and in any configuration.</summary>
    private string Prepared(string name)
    {
        var text = File.ReadAllText(Repository.PathOf("examples/" + name));
        text = Regex.Replace(text, "#r \"[^\"]*/([^/\"]+\\.dll)\"", match => "#r \"" + Slashes(Path.Combine(AppContext.BaseDirectory, match.Groups[1].Value)) + "\"");
        Assert.Equal(2, text.Split("#r ").Length - 1);
        text = Regex.Replace(text, "\"(models/[^\"]+)\"", match => $"\"{Slashes(Repository.PathOf(match.Groups[1].Value))}\"");
        return Regex.Replace(text, "\"([a-z]+\\.png)\"", match => $"\"{Slashes(PathOf(match.Groups[1].Value))}\"");
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private static string Slashes(string path) => path.Replace('\\', '/');
}
