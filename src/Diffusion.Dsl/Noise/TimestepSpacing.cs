namespace Diffusion.Dsl;

/// <summary>How the sampling timesteps are chosen among the training ones (arXiv:2305.08891, table 2; diffusers' <c>timestep_spacing</c>).</summary>
public enum TimestepSpacing
{
    /// <summary><c>leading</c>: multiples of ⌊T/n⌋ plus an offset; starts below T − 1.</summary>
    Leading,

    /// <summary><c>trailing</c>: counts down from T − 1 in strides of T/n; starts at T − 1.</summary>
    Trailing,

    /// <summary><c>linspace</c>: n points from T − 1 to 0, both included.</summary>
    Linspace,
}
