using System;
using System.Linq;
using Diffusion.Dsl;
using Xunit.Abstractions;

namespace Diffusion.Tests.Samplers;

public class OrderTests(ITestOutputHelper output)
{
    private const double Tolerance = 0.15;

    // The finest grid is where the slope is read; the methods of high order reach the rounding of a double not much further on.
    private static readonly int[] Counts = [256, 512, 1024];

    /// <summary>On a Gaussian mixture with the exact denoiser, in double, halving the steps divides the error by 2 to the power of the declared order.</summary>
    [Fact]
    public void EverySamplerConvergesWithItsOrder()
    {
        var measured = 0;
        foreach (var sampler in Schedulers.All.Select(entry => entry.Create(64)).Where(sampler => !OrderCases.Exempt.ContainsKey(sampler.Name)))
        {
            foreach (var setting in OrderCases.Settings(sampler))
            {
                var slope = Convergence.Slope(Convergence.Errors(setting, Counts));
                output.WriteLine(FormattableString.Invariant($"order {setting.Order}, measured {slope:F2}: {setting}"));
                Assert.True(Math.Abs(slope - setting.Order) <= Tolerance, FormattableString.Invariant($"{setting} is declared to be of order {setting.Order}, but its error falls with slope {slope:F2}"));
                measured++;
            }
        }

        Assert.True(measured > 40, "too few settings were measured: " + measured);
    }

    [Fact]
    public void TheMeasurementTellsOrdersApart()
    {
        var heun = Convergence.Slope(Convergence.Errors(Schedulers.Heun(64), Counts));
        var euler = Convergence.Slope(Convergence.Errors(Schedulers.Euler(64), Counts));
        Assert.InRange(heun - euler, 1 - Tolerance, 1 + Tolerance);
    }

    [Fact]
    public void WhatIsExemptIsInTheRegistryAndIsNoFlow() => Assert.All(OrderCases.Exempt, pair =>
    {
        Assert.Contains(Schedulers.All, entry => entry.Name == pair.Key);
        Assert.NotEmpty(pair.Value);
    });
}
