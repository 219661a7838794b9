using System;
using System.Collections.Generic;
using System.IO.Enumeration;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Parity.Checks;
using static TorchSharp.torch;

namespace Diffusion.Parity;

/// <summary>Checks the cases of a folder.</summary>
internal static class ParityRun
{
    /// <summary>Every check; a new one is a line here.</summary>
    private static readonly IReadOnlyList<IParityCheck> Checks =
    [
        new BetasCheck(),
        new TorchRandomCheck(),
        new SchedulerStepsCheck(),
        new SchedulerRunCheck(),
        new ForwardProcessCheck(),
        new UnconditionalPipelineCheck(),
        new StableDiffusionCheck(),
        new UNet2DCheck(),
        new UNet2DTrainingCheck(),
        new UNet2DConditionCheck(),
        new AutoencoderKLCheck(),
        new VQModelCheck(),
        new ClipCheck(),
        new NaiveCheck(),
        new LearningRateCheck(),
        new MovingAverageCheck(),
        new TokenizerCheck(),
    ];

    /// <summary>The cases of a folder, in the order of their names.</summary>
    public static IEnumerable<GoldenCase> Cases(string folder) => GoldenFolder.Cases(folder).SelectMany(Entries);

    /// <summary>The results of all cases of a folder whose name contains the pattern, one by one as they are ready.</summary>
    public static IEnumerable<CaseResult> Of(string folder, string? only = null) => Cases(folder)
        .Where(golden => only is null || FileSystemName.MatchesSimpleExpression($"*{only}*", golden.Name))
        .Select(Check);

    /// <summary>The result of one case. Never throws for what a case holds.</summary>
    public static CaseResult Check(GoldenCase golden)
    {
        if (golden.Flaw is not null)
        {
            return Failed(golden, golden.Flaw);
        }

        var checks = Checks.Where(check => check.Takes(golden)).ToArray();
        if (checks.Length == 0)
        {
            return new(golden.Name, Outcome.Skipped, 0, 0, Later.Reason(golden));
        }

        var comparison = new Comparison();
        try
        {
            using var scope = NewDisposeScope();
            using var inference = no_grad();
            foreach (var check in checks)
            {
                check.Check(golden, comparison);
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Failed(golden, OneLine(exception));
        }

        return comparison switch
        {
            { Failure: { } failure } => new(golden.Name, Outcome.Failed, comparison.MaxError, comparison.Tolerance, failure),
            { Count: 0 } => Failed(golden, "the case holds nothing to compare"),
            _ => new(golden.Name, Outcome.Passed, comparison.MaxError, comparison.Tolerance, null),
        };
    }

    // A file may hold several cases under "cases"; where no check takes any of them the file is one case to come.
    private static IEnumerable<GoldenCase> Entries(GoldenCase golden)
    {
        var entries = golden.Flaw is null && golden.Content.Kind == JsonKind.Object && golden.Content.Find("cases") is { Kind: JsonKind.Array } cases
            ? cases.Items.Select((item, index) => golden with { Name = $"{golden.Name}[{index}]", Content = item, Whole = golden.Content }).ToArray()
            : [];
        return entries.Any(entry => Checks.Any(check => check.Takes(entry))) ? entries : [golden];
    }

    private static CaseResult Failed(GoldenCase golden, string why) => new(golden.Name, Outcome.Failed, double.NaN, double.NaN, why);

    // What the library or the case refuses comes with a whole sentence; anything else says what it is.
    private static string OneLine(Exception exception) =>
        (exception is GoldenException or DiffusionException ? "" : exception.GetType().Name + ": ") + exception.Message.ReplaceLineEndings(" ");
}
