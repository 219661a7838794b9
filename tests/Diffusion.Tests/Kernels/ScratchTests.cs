using System;
using System.Threading.Tasks;
using Diffusion.Runtime.Kernels;

namespace Diffusion.Tests.Kernels;

public sealed unsafe class ScratchTests
{
    [Fact]
    public void WhoAsksTogetherHasMemoryApart() => Parallel.For(0, 1000, i =>
    {
        var length = 1 + (i * 7919 % 5000);
        using var outer = new Scratch(length);
        using var inner = new Scratch(length);
        new Span<float>(outer.Floats, length).Fill(i);
        new Span<float>(inner.Floats, length).Fill(-i);

        Assert.Equal((0, 0), ((nint)outer.Floats % 64, (nint)inner.Floats % 64));
        Assert.Equal(-1, new Span<float>(outer.Floats, length).IndexOfAnyExcept(i));
        Assert.Equal(-1, new Span<float>(inner.Floats, length).IndexOfAnyExcept(-i));
    });

    [Fact]
    public void NoMoreThanSomeMegabytesWait()
    {
        for (var length = 1000; length < Scratch.MostKept * 2; length *= 2)
            new Scratch(length).Dispose();

        Assert.InRange(Scratch.Kept, 0, Scratch.MostKept);
    }
}
