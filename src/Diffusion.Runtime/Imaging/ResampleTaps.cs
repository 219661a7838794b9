namespace Diffusion.Runtime;

/// <summary>The pixels that make one pixel of another size.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Weights">What each counts.</param>
internal sealed record ResampleTaps(int First, double[] Weights);
