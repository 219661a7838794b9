using System;
using System.Reflection;
using System.Threading.Tasks;

namespace Diffusion.Tests.House;

/// <summary>A change of what users can name shows as a difference of a text file.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("Diffusion.Dsl")]
    [InlineData("Diffusion.Runtime")]
    public async Task TheSurfaceIsTheAcceptedOne(string assembly) => await Verify(PublicApi.Of(Assembly.Load(assembly))).UseParameters(assembly);

    [Fact]
    public void TheTextNamesWhatUsersCanNameAndNothingElse()
    {
        var text = PublicApi.Of(Assembly.Load("Diffusion.Dsl"));

        Assert.Contains("namespace Diffusion.Dsl\n", text, StringComparison.Ordinal);
        Assert.Contains("\n  sealed record Finding\n", text, StringComparison.Ordinal);
        Assert.Contains("\n    public Finding(Rule Rule, EquatableArray<string> Arguments)\n", text, StringComparison.Ordinal);
        Assert.Contains("public DiffusionException Error(params object?[] arguments)\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("IsExternalInit", text, StringComparison.Ordinal);
        Assert.DoesNotContain("PrintMembers", text, StringComparison.Ordinal);
    }
}
