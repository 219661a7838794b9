namespace Diffusion.Runtime.Compilation;

/// <summary>The way from one seed's noise to another's.</summary>
/// <param name="First">The seed at 0.</param>
/// <param name="Last">The seed at 1.</param>
/// <param name="Shares">How far along each picture is, in [0, 1].</param>
internal sealed record NoiseWalk(long First, long Last, double[] Shares);
