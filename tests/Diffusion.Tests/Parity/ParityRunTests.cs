using System;
using System.IO;
using System.Linq;
using Diffusion.Parity;

namespace Diffusion.Tests.Parity;

public sealed class ParityRunTests : IDisposable
{
    private const string Linear = """{ "beta_schedule": "linear" }""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("parity-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ACaseIsFoundByWhatItHolds()
    {
        Write("some/where/x.json", $$"""{ "cases": [{ "config": {{Linear}}, "indices": [0], "betas": [0.0001] }] }""");
        Write("other.json", $$"""{ "config": { "beta_schedule": "linear", "num_train_timesteps": 2 }, "betas": [0.0001, 0.02] }""");
        Assert.Equal("ok   other.json  max error 0.0e00, tolerance 1.0e-05\nok   some/where/x.json[0]  max error 0.0e00, tolerance 1.0e-05\n2 passed, 0 failed, 0 skipped", Run(out var good));
        Assert.True(good);
    }

    [Theory]
    [InlineData("""{ "config": { "beta_schedule": "linear" }, "indices": [0, 999], "betas": [0.0001, 0.0199] }""", "max error 1.0e-04, tolerance 1.0e-05: betas[1] is 0.019999999552965164, recorded is 0.019899999722838402", true)]
    [InlineData("""{ "config": { "beta_schedule": "linear" }, "indices": [0], "betas": [0.0001, 0.02] }""", "betas has 1 values, 2 are recorded", false)]
    [InlineData("""{ "config": { "beta_schedule": "linear" }, "indices": [1000], "betas": [0.02] }""", "index 1000 is not below the 1000 training timesteps", false)]
    [InlineData("""{ "config": { "beta_schedule": "linear" }, "indices": [0], "betas": "none" }""", "'betas' should be a list", false)]
    [InlineData("""{ "config": { "beta_schedule": "linear" }, "indices": [0], "betas": ["x"] }""", "'betas' should hold numbers", false)]
    [InlineData("""{ "config": { "beta_schedule": "zigzag" }, "indices": [0], "betas": [0.1] }""", "DIF0210", false)]
    [InlineData("""{ "config": 3, "betas": [0.1] }""", "'config' should be an object", false)]
    [InlineData("""{ "seed": 0, "randn_4x": [0.1] }""", "'' in the name of a draw is no number", false)]
    [InlineData("""{ "seed": 0, "rand_2": [0.1, 0.2, 0.3] }""", "'rand_2' has 3 values, but the draw has 2", false)]
    [InlineData("""{ "betas": """, "DIF0580", false)]
    [InlineData("[1, 2]", "the file holds Array where an object should be", false)]
    public void ADifferenceOrAFlawFailsWithOneSentence(string content, string sentence, bool compared)
    {
        Write("case.json", content);
        var report = Run(out var good);
        Assert.StartsWith(compared ? "FAIL case.json  max error" : "FAIL case.json", report, StringComparison.Ordinal);
        Assert.Contains(sentence, report, StringComparison.Ordinal);
        Assert.EndsWith("\n0 passed, 1 failed, 0 skipped", report, StringComparison.Ordinal);
        Assert.Equal(2, report.Split('\n').Length);
        Assert.False(good);
    }

    [Theory]
    [InlineData("x.json", """{ "scheduler_class": "UnheardOfScheduler" }""", "skip (later issue: scheduler UnheardOfScheduler) x.json")]
    [InlineData("x.json", """{ "pipeline": "UnheardOfPipeline" }""", "skip (later issue: pipeline UnheardOfPipeline) x.json")]
    [InlineData("x.json", """{ "cases": [{ "text": "a", "ids": [1] }, { "text": "b", "ids": [2] }] }""", "skip (later issue: cases with text, ids) x.json")]
    public void WhatNothingAnswersYetIsSkippedWithAReason(string name, string content, string line)
    {
        Write(name, content);
        Assert.StartsWith(line + "\n", Run(out var good), StringComparison.Ordinal);
        Assert.True(good);
    }

    [Fact]
    public void AModelFolderIsOneCaseAndAPipelineFolderIsNone()
    {
        Write("models/m/config.json", """{ "_class_name": "UnheardOfModel" }""");
        Write("models/m/io.safetensors", "");
        Write("models/no_io/config.json", """{ "_class_name": "UnheardOfModel" }""");
        Write("pipelines/p/model_index.json", "{}");
        Write("pipelines/p/unet/config.json", "{}");
        Write("index.json", """{ "m": { "cls": "UnheardOfModel" } }""");
        Assert.Equal(
            "skip (later issue: model UnheardOfModel) models/m\nFAIL models/no_io: the folder has a config.json but no io.safetensors; there is nothing to compare with\n0 passed, 1 failed, 1 skipped",
            Run(out _));
    }

    [Fact]
    public void AnEmptyFolderIsNoSuccess()
    {
        Assert.Equal("0 passed, 0 failed, 0 skipped", Run(out var good));
        Assert.False(good);
    }

    [Theory]
    [InlineData("a/", 1)]
    [InlineData("A/*.JSON", 1)]
    [InlineData("json", 2)]
    [InlineData("zzz", 0)]
    public void APatternChoosesCases(string only, int count)
    {
        Write("a/x.json", "{}");
        Write("b/y.json", "{}");
        Assert.Equal(count, ParityRun.Of(_folder.FullName, only).Count());
    }

    private void Write(string path, string content)
    {
        var file = Path.Combine(_folder.FullName, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private string Run(out bool good)
    {
        var writer = new StringWriter();
        good = Report.Write(writer, ParityRun.Of(_folder.FullName));
        return writer.ToString().ReplaceLineEndings("\n").TrimEnd('\n');
    }
}
