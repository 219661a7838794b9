using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.House;

/// <summary>The text of <c>docs/samplers.md</c>: the registry as a page.</summary>
internal static partial class SamplersPage
{
    private const string Head = """
        # Samplers

        Every sampler of the registry `Schedulers.All`, which this page is written from: `VERIFY_ACCEPT=1 dotnet test Dsl.sln` writes it again.

        A step is what the paper calls one; a method with two evaluations a step asks the network twice in it. *Earlier outputs* is how many a step reads; 0 is a
        single-step method, which image-to-image may start anywhere. *Noise* says whether fresh noise is added on the way, with the default options.

        """;

    private const string Choosing = """

        ## Choosing by what they are

        The registry is a list, and its entries say how their samplers behave:

        ```csharp
        using System;
        using System.Linq;
        using Diffusion.Dsl;

        // One evaluation a step and no noise: the highest order first, for few steps.
        var fast = Schedulers.All
            .Where(sampler => sampler.EvaluationsPerStep == 1 && !sampler.IsStochastic)
            .OrderByDescending(sampler => sampler.Order);
        foreach (var sampler in fast)
        {
            Console.WriteLine($"{sampler.Name}: order {sampler.Order}, {sampler.Paper}");
        }
        ```

        With the same budget of evaluations a method with two of them a step gets half the steps. Methods without a history have nothing to warm up:

        <!-- continues -->
        ```csharp
        const int evaluations = 40;
        var net = Pretrained.From("models/digits").Unet;
        var pipelines = Schedulers.All
            .Where(sampler => sampler.HistoryLength == 0)
            .Select(sampler => Pipeline.From(net).Scheduler(sampler.Create(evaluations / sampler.EvaluationsPerStep)));
        ```

        The names of the samplers that add noise, and the sampler that the web UI calls Euler:

        <!-- continues -->
        ```csharp
        var noisy = Schedulers.All.Where(sampler => sampler.IsStochastic).Select(sampler => sampler.Name);
        var known = Schedulers.All.First(sampler => sampler.WebUiName == "Euler").Create(30);
        ```

        Swapping the sampler of a checkpoint keeps its noise schedule and what its network predicts. Options that the definition leaves open are as the checkpoint's
        `scheduler_config.json` says, whichever class wrote it, then as below.

        """;

    private static readonly Lazy<Dictionary<string, string>> Documentation = new(() => XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Diffusion.Dsl.xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => Spaces().Replace(member.Element("summary")!.Value, " ").Trim()));

    /// <summary>The page as it should be; '\n' line ends.</summary>
    public static string Text() => (Head + Table() + Choosing + "\n## Options\n" + string.Concat(Schedulers.All.Select(Section))).ReplaceLineEndings("\n");

    private static string Table() =>
        "\n| sampler | paper | order | evaluations a step | earlier outputs | noise | diffusers | k-diffusion | AUTOMATIC1111 |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        + string.Concat(Schedulers.All.Select(entry => Row(
            $"[{entry.Name}](#{entry.Name.ToLowerInvariant()})",
            Linked(entry.Paper),
            $"{entry.Order}",
            $"{entry.EvaluationsPerStep}",
            $"{entry.HistoryLength}",
            entry.IsStochastic ? "yes" : "no",
            Code(entry.DiffusersClass),
            Code(entry.KDiffusionName),
            entry.WebUiName ?? "–")));

    private static string Section(SchedulerEntry entry)
    {
        var sampler = entry.Create(10);
        var marginals = entry.MarginalException is { } why ? $" Its steps do not keep the marginals of the forward process: {why}." : "";
        var noise = $"A file of this class that says nothing of the noise means `{entry.NoiseKeys.Noise}`, {Names.Of(entry.NoiseKeys.Prediction)}.";
        return $"\n### {entry.Name}\n\n{Linked(Summary(sampler.GetType()))}{marginals} {noise}\n\n| option | in `scheduler_config.json` | default |\n| --- | --- | --- |\n"
            + string.Concat(sampler.OptionTexts.Select(option => Row(Code(option.Name), Codes(option.Keys), Code(option.Default))));
    }

    private static string Row(params string[] cells) => "| " + string.Join(" | ", cells) + " |\n";

    private static string Code(string? text) => string.IsNullOrEmpty(text) ? "–" : $"`{text}`";

    private static string Codes(string list) => string.Join(", ", list.Split(", ").Select(Code));

    private static string Linked(string text) => Arxiv().Replace(text, "[arXiv:$1](https://arxiv.org/abs/$1)");

    /// <summary>The first sentence of a sampler's documentation.</summary>
    private static string Summary(Type type) =>
        Documentation.Value.TryGetValue("T:" + type.FullName, out var summary) ? summary : throw new InvalidDataException($"{type} has no summary in Diffusion.Dsl.xml.");

    [GeneratedRegex(@"arXiv:(\d{4}\.\d{4,5})")]
    private static partial Regex Arxiv();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
