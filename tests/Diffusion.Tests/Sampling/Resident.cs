using System;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Tests.Sampling;

/// <summary>Networks of loaded pipelines whose weights stay, for tests that look into them.</summary>
internal static class Resident
{
    public static T Stay<T>(this Stage<T> stage)
        where T : class, IDisposable
    {
        using var lease = stage.Use();
        return lease.Network;
    }
}
