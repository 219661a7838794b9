namespace Diffusion.Dsl;

/// <summary>Every timestep is as likely as any other: t ~ U{0, …, T − 1}, independent for every picture (arXiv:2006.11239, Algorithm 1).</summary>
public sealed record UniformTimesteps : TimestepSampling
{
    /// <summary>The canonical text.</summary>
    public override string ToString() => "Uniform";
}
