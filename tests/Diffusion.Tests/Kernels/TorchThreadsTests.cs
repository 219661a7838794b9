using System;
using System.Linq;
using System.Threading;
using Diffusion.Runtime.Kernels;

namespace Diffusion.Tests.Kernels;

public sealed class TorchThreadsTests
{
    [Theory]
    [InlineData(0, 8)]
    [InlineData(1, 8)]
    [InlineData(7, 8)]
    [InlineData(1000, 8)]
    [InlineData(1000, 1)]
    public void EachItemIsDoneOnce(int count, int most)
    {
        var times = new int[count];
        TorchThreads.For(count, most, (begin, end) =>
        {
            for (var i = begin; i < end; i++)
                Interlocked.Increment(ref times[i]);
        });
        Assert.All(times, time => Assert.Equal(1, time));
    }

    [Fact]
    public void AnExceptionComesOutWhole() =>
        Assert.Equal("seven", Assert.Throws<InvalidOperationException>(() => TorchThreads.For(10, 8, (begin, end) =>
        {
            if (Enumerable.Range(begin, end - begin).Contains(7))
                throw new InvalidOperationException("seven");
        })).Message);
}
