using System;
using System.Diagnostics;
using System.IO;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Scripts;

/// <summary>The scripts of examples/, run as their hosts run them, in a folder of their own.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("diffusion-scripts-").FullName;

    [Fact]
    public async Task TheCSharpScriptDrawsTheSamePicturesAsAProgram()
    {
        var text = Prepared("quickstart.csx");
        var script = CSharpScript.Create(text, ScriptOptions.Default.AddReferences("System.Runtime", "System.Console").AddImports("System"));
        await script.RunAsync();
        Assert.Equal(Expected(), Image.Load(Path.Combine(_folder, "digits.png")));
    }

    [Fact]
    public async Task TheFSharpScriptDrawsTheSamePicturesAsAProgram()
    {
        var file = Path.Combine(_folder, "quickstart.fsx");
        await File.WriteAllTextAsync(file, Prepared("quickstart.fsx"));
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["fsi", "--quiet", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
        Assert.Contains("RunTime", output);
        Assert.Equal(Expected(), Image.Load(Path.Combine(_folder, "digits.png")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>The script with its folder's paths made absolute: tests run elsewhere, and in any configuration.</summary>
    private string Prepared(string name)
    {
        var text = File.ReadAllText(Repository.PathOf("examples/" + name));
        text = Regex.Replace(text, "#r \"[^\"]*/([^/\"]+\\.dll)\"", match => "#r \"" + Slashes(Path.Combine(AppContext.BaseDirectory, match.Groups[1].Value)) + "\"");
        Assert.Equal(2, text.Split("#r ").Length - 1);
        return text.Replace("models/digits", Slashes(Repository.PathOf("models/digits"))).Replace("\"digits.png\"", "\"" + Slashes(Path.Combine(_folder, "digits.png")) + "\"");
    }

    private static string Slashes(string path) => path.Replace('\\', '/');

    private static Image Expected()
    {
        using var run = Pipeline.From(Pretrained.From(Repository.PathOf("models/digits")).Unet).Scheduler(Ddim(10)).Compile().Load();
        return run.Generate(count: 8, seed: 42).Grid(columns: 8).Enlarge(4);
    }
}
