using System;
using System.Diagnostics;

namespace Diffusion.Benchmarks.Measuring;

/// <summary>What time is.</summary>
internal sealed record Clock(string Name, Func<TimeSpan> Now)
{
    /// <summary>What a user waits.</summary>
    public static Clock Wall { get; } = new("wall", () => Stopwatch.GetElapsedTime(0));

    /// <summary>What all threads of this process consumed.</summary>
    public static Clock Processor { get; } = new("cpu", () => Environment.CpuUsage.TotalTime);
}
