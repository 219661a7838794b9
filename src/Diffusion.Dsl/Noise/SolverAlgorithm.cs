namespace Diffusion.Dsl;

/// <summary>Which integral a solver discretises. The names are those of diffusers' <c>algorithm_type</c>; each family knows some of them.</summary>
public enum SolverAlgorithm
{
    /// <summary><c>dpmsolver</c>: that of the predicted noise (arXiv:2206.00927).</summary>
    DpmSolver,

    /// <summary><c>dpmsolver++</c>: that of the predicted clean sample (arXiv:2211.01095).</summary>
    DpmSolverPlusPlus,

    /// <summary><c>sde-dpmsolver</c>: that of the predicted noise, along the reverse SDE.</summary>
    SdeDpmSolver,

    /// <summary><c>sde-dpmsolver++</c>: that of the predicted clean sample, along the reverse SDE (arXiv:2211.01095, appendix B).</summary>
    SdeDpmSolverPlusPlus,

    /// <summary><c>deis</c>: DEIS's own (arXiv:2204.13902).</summary>
    Deis,

    /// <summary><c>data_prediction</c>: SA-Solver's of the predicted clean sample (arXiv:2309.05019).</summary>
    DataPrediction,

    /// <summary><c>noise_prediction</c>: SA-Solver's of the predicted noise (arXiv:2309.05019).</summary>
    NoisePrediction,
}
