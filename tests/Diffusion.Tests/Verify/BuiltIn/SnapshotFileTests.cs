using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Xunit.Sdk;

namespace VerifyXunit;

public sealed class SnapshotFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("snapshot-");

    private string Verified => Path.Combine(_folder.FullName, "C.M.verified.txt");

    private string Received => Path.Combine(_folder.FullName, "C.M.received.txt");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void ANewSnapshotFailsAndLeavesTheReceivedFile()
    {
        Assert.StartsWith("New snapshot", Assert.Throws<XunitException>(() => Check("one\ntwo")).Message, StringComparison.Ordinal);
        Assert.Equal("one\ntwo", File.ReadAllText(Received));
        Assert.False(File.Exists(Verified));
    }

    [Fact]
    public void AcceptingWritesVerifysBytes()
    {
        Check("α\nβ", accept: true);
        Assert.Equal([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("α\nβ")], File.ReadAllBytes(Verified));
        Check("α\nβ");
    }

    [Theory]
    [InlineData("one\r\ntwo")]
    [InlineData("one\ntwo\n")]
    [InlineData("\uFEFFone\ntwo")]
    public void LineEndsAndMarksOfAnEditorDoNotMatter(string verified)
    {
        File.WriteAllText(Verified, verified, new UTF8Encoding(false));
        File.WriteAllText(Received, "old");
        Check("one\ntwo");
        Assert.False(File.Exists(Received));
    }

    [Theory]
    [InlineData("one\ntwo\n\n")]
    [InlineData("one\ntwo ")]
    [InlineData("")]
    public void AnyOtherDifferenceFails(string verified)
    {
        File.WriteAllText(Verified, verified);
        Assert.Throws<XunitException>(() => Check("one\ntwo"));
    }

    [Fact]
    public void TheMessageShowsTheChangedLinesWithTheirNeighbours()
    {
        File.WriteAllText(Verified, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11");
        var message = Assert.Throws<XunitException>(() => Check("1\n2\n3\nfour\n5\n6\n7\n8\n9\n10\n11\n12")).Message;
        Assert.EndsWith("\n  2\n  3\n- 4\n+ four\n  5\n  6\n  …\n  10\n  11\n+ 12", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneTestCannotVerifyOneFileTwice()
    {
        await Verifier.Verify("the same");
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Verifier.Verify("the same"));
    }

    [Theory]
    [InlineData(1.5, "a/b")]
    public async Task TheArgumentsOfATheoryAreInTheName(double number, string text) => await Verifier.Verify($"{number} {text}").UseParameters(number, text);

    private void Check(string text, bool accept = false) => new SnapshotFile(_folder.FullName, "C.M", "txt").Check(text, accept);
}
