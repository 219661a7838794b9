using System;
using System.Runtime.InteropServices;

namespace Diffusion.Runtime.Native;

/// <summary>How libtorch's threads wait for each other.</summary>
internal static class ThreadPolicy
{
    private const string Variable = "GOMP_SPINCOUNT";

    // A few microseconds: longer than the gap between two operations, shorter than what a second program's turn on the core takes.
    private const string Spins = "1000";

    /// <summary>
    /// GNU OpenMP's threads wait for milliseconds in a busy loop by default. Where another program wants the cores, that loop takes them from the very
    /// thread that is waited for, and small operations become ten times as slow; where the machine is free, nothing changes. What the environment says
    /// already is left as it is. Must be called before libtorch is loaded.
    /// </summary>
    public static void WaitBriefly()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Variable) is not null || Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null)
            return;

        try
        {
            // .NET's own variables are a copy that native code does not see.
            _ = Set(Variable, Spins, 0);
        }
        catch (EntryPointNotFoundException)
        {
        }
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Set(string name, string value, int overwrite);
}
