using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Tests.Weights;

public sealed class MappedViewTests
{
    [Fact]
    public void AViewOutlivesItsReaderAndReleasesTheMappingAtItsEnd()
    {
        using var folder = new WeightsFolder();
        var path = FileOfOnes(folder);
        Tensor view, part;
        using (var reader = Checkpoint.Open(path))
        {
            view = reader.Read("a");
            part = view.narrow(0, 1000, 10);
        }

        if (OperatingSystem.IsLinux())
            Assert.Contains(path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
        view.Dispose();
        using (var sum = part.sum())
            Assert.Equal(10f, sum.item<float>());
        part.Dispose();
        if (OperatingSystem.IsLinux())
            Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Fact]
    public void TheSameTensorReadTwiceIsTwoViews()
    {
        using var folder = new WeightsFolder();
        using var reader = Checkpoint.Open(FileOfOnes(folder));
        var first = reader.Read("a");
        using var second = reader.Read("a");
        first.Dispose();

        using var sum = second.sum();
        Assert.Equal(100_000f, sum.item<float>());
    }

    [Fact]
    public void WritingToAViewNeverChangesTheFile()
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        var path = FileOfOnes(folder);
        var before = File.ReadAllBytes(path);
        using (var reader = Checkpoint.Open(path))
        {
            var view = reader.Read("a");
            view.fill_(3);
            Assert.Equal(300_000f, view.sum().item<float>());
        }

        Assert.Equal(before, File.ReadAllBytes(path));
    }

    [Fact]
    public void WhatIsMisalignedIsCopied()
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        var header = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";
        header += new string(' ', (8 - (header.Length % 8) + 1) % 8); // one byte beyond a multiple of eight
        var path = folder.Safetensors(header, 8);
        using var reader = Checkpoint.Open(path);

        var read = reader.Read("a");

        Assert.Equal(Enumerable.Range(0, 8).Select(i => (byte)i), read.bytes.ToArray());
        if (OperatingSystem.IsLinux())
            Assert.DoesNotContain(path, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    private static string FileOfOnes(WeightsFolder folder)
    {
        using var a = ones(100_000);
        SafetensorsFile.Write(folder.PathOf("ones.safetensors"), new Dictionary<string, Tensor> { ["a"] = a });
        return folder.PathOf("ones.safetensors");
    }
}
