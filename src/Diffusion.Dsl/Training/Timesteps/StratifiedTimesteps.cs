namespace Diffusion.Dsl;

/// <summary>
/// Each batch covers all timesteps evenly: picture i of N draws from the i-th of N equal parts, t = ⌊T (i + u_i)/N⌋ with u ~ U[0, 1). Every timestep stays as
/// likely as with <see cref="UniformTimesteps"/>, but the loss of a batch varies less.
/// </summary>
/// <remarks>Variance reduction by stratification; the idea in diffusion: Kingma et al. (2021), arXiv:2107.00630, appendix I.1, which shifts all parts by one u.</remarks>
public sealed record StratifiedTimesteps : TimestepSampling
{
    /// <summary>The canonical text.</summary>
    public override string ToString() => "Stratified";
}
