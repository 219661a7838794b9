using System;

namespace Diffusion.Benchmarks.Measuring;

/// <summary>One way to do the thing that is measured.</summary>
/// <param name="Name">Short, for the JSON.</param>
/// <param name="Run">Does it once, and leaves nothing behind.</param>
internal sealed record Variant(string Name, Action Run);
