using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Diffusion.Tests.Generators;

/// <summary>What MSBuild makes of the item and the property by which a project names its checkpoints.</summary>
public sealed partial class ModelItemTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("model-items-").FullName;

    public ModelItemTests()
    {
        foreach (var file in new[]
        {
            "app/models/near/unet/config.json", "app/models/near/unet/weights.json", "app/other/unet/config.json",
            "weights/sd/model_index.json", "weights/sd/unet/config.json", "weights/sd/tokenizer/vocab.json", "weights/sd/scheduler/scheduler_config.json",
            "hub/models--org--name/snapshots/1a2b/vae/config.json",
        })
        {
            var path = Path.Combine(_folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "{}");
        }

        Directory.CreateDirectory(Path.Combine(_folder, "app", "empty"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task AnItemOfAFolderGivesTheCompilerItsConfigFilesEachOnce()
    {
        var (files, warnings) = await Build("<DiffusionModel Include=\"../weights/sd;models/near\" />");

        Assert.Equal(["app/models/near/unet/config.json", "weights/sd/model_index.json", "weights/sd/scheduler/scheduler_config.json", "weights/sd/unet/config.json"], files);
        Assert.Equal("", warnings);
    }

    [Fact]
    public async Task APropertyNamesThemWhereThereAreNoItemsAndAMissingFolderIsTold()
    {
        var (files, warnings) = await Build("", "-p:DiffusionModels=../hub/models--org--name%3Bempty");

        Assert.Equal(["app/models/near/unet/config.json", "hub/models--org--name/snapshots/1a2b/vae/config.json"], files);
        Assert.Matches("warning DIF0417: the item DiffusionModel empty names .*empty, where no config.json lies, so nothing of this model is checked at build time", warnings);
    }

    private async Task<(string[] Files, string Warnings)> Build(string item, params string[] properties)
    {
        var project = Path.Combine(_folder, "app", "app.csproj");
        File.WriteAllText(project, $"<Project><ItemGroup>{item}</ItemGroup><Import Project=\"{Repository.PathOf("src/Diffusion.Dsl/buildTransitive/Diffusion.Dsl.targets")}\" /><Target Name=\"CoreCompile\"><Message Importance=\"high\" Text=\"@(AdditionalFiles->'[%(FullPath)]')\" /></Target></Project>");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = Path.Combine(_folder, "app") };
        foreach (var argument in new[] { "msbuild", project, "-nologo", "-nodeReuse:false", "-clp:NoSummary;DisableConsoleColor", "-t:CoreCompile" }.Concat(properties))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
        var files = Bracketed().Matches(output).Select(match => Path.GetRelativePath(_folder, match.Groups[1].Value).Replace('\\', '/')).Order(StringComparer.Ordinal);
        return ([.. files], string.Join("\n", output.Split('\n').Where(line => line.Contains("warning", StringComparison.Ordinal))));
    }

    [GeneratedRegex(@"\[([^\[\]]*\.json)\]")]
    private static partial Regex Bracketed();
}
