using System;
using System.IO;

namespace Diffusion.Tests.House;

public sealed class SamplersPageTests
{
    /// <summary>The page of samplers is that of the registry; <c>VERIFY_ACCEPT=1</c> writes it.</summary>
    [Fact]
    public void ThePageOfSamplersIsCurrent()
    {
        var path = Repository.PathOf("docs/samplers.md");
        var text = SamplersPage.Text();
        if (Environment.GetEnvironmentVariable("VERIFY_ACCEPT") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(text, File.ReadAllText(path).ReplaceLineEndings("\n"));
    }
}
