using System;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Diffusion.Benchmarks.Memory;

/// <summary>What Linux says of this process's resident memory, in bytes.</summary>
internal static class ProcessMemory
{
    public static long Resident => Read("VmRSS:");

    /// <summary>The most since the last <see cref="ForgetPeak"/>.</summary>
    public static long Peak => Read("VmHWM:");

    public static void ForgetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static long Read(string name) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1],
        CultureInfo.InvariantCulture);
}
