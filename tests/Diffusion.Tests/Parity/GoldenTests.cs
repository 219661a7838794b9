using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Parity;

namespace Diffusion.Tests.Parity;

/// <summary>The recorded results that travel with the tests; <c>tests/Diffusion.Parity</c> checks whole folders of them.</summary>
public sealed class GoldenTests
{
    private static readonly string Folder = Repository.PathOf("tests/Diffusion.Tests/Golden");

    // The noise itself is no case: BrownianNoiseTests hold it, and a skip must not pass for a check.
    private static readonly string[] Elsewhere = ["brownian/torchsde.json"];

    // Read once: there are megabytes of them.
    private static readonly Dictionary<string, GoldenCase> Golden = ParityRun.Cases(Folder).ToDictionary(golden => golden.Name);

    // Models that would be large travel without their weights, and other tests make those from their seeds.
    public static TheoryData<string> Cases =>
    [
        .. Golden.Values.Where(golden => !golden.IsModel || HasWeights(golden.Path)).Select(golden => golden.Name).Except(Elsewhere),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheLibraryGivesWhatDiffusersGave(string name)
    {
        var result = ParityRun.Check(Golden[name]);
        Assert.True(result.Outcome == Outcome.Passed, Report.Line(result));
    }

    private static bool HasWeights(string folder) => Directory.EnumerateFiles(folder, "*model.*").Any();
}
