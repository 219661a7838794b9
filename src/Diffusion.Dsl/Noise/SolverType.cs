namespace Diffusion.Dsl;

/// <summary>How a solver of second order closes its step. The names are those of diffusers' <c>solver_type</c>; each family knows some of them.</summary>
public enum SolverType
{
    /// <summary><c>midpoint</c>: DPM-Solver with the slope at the middle (arXiv:2206.00927, algorithm 4).</summary>
    Midpoint,

    /// <summary><c>heun</c>: DPM-Solver with the slope over the whole step (arXiv:2206.00927, algorithm 5).</summary>
    Heun,

    /// <summary><c>logrho</c>: DEIS with polynomials in log ρ (arXiv:2204.13902).</summary>
    LogRho,

    /// <summary><c>bh1</c>: UniPC with B(h) = h (arXiv:2302.04867).</summary>
    Bh1,

    /// <summary><c>bh2</c>: UniPC with B(h) = e^h − 1 (arXiv:2302.04867).</summary>
    Bh2,
}
