using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The spelling that diffusers' config files use for the closed choices of this library.</summary>
public static class Names
{
    private static readonly Dictionary<Enum, string> Known = new()
    {
        [BetaSchedule.Linear] = "linear",
        [BetaSchedule.ScaledLinear] = "scaled_linear",
        [BetaSchedule.SquaredCosCapV2] = "squaredcos_cap_v2",
        [BetaSchedule.Sigmoid] = "sigmoid",
        [BetaSchedule.Exponential] = "exp",
        [FinalSigma.Zero] = "zero",
        [FinalSigma.SigmaMin] = "sigma_min",
        [InterpolationType.Linear] = "linear",
        [InterpolationType.LogLinear] = "log_linear",
        [TimestepType.Discrete] = "discrete",
        [TimestepType.Continuous] = "continuous",
        [SolverType.Midpoint] = "midpoint",
        [SolverType.Heun] = "heun",
        [SolverType.LogRho] = "logrho",
        [SolverType.Bh1] = "bh1",
        [SolverType.Bh2] = "bh2",
        [SolverAlgorithm.DpmSolver] = "dpmsolver",
        [SolverAlgorithm.DpmSolverPlusPlus] = "dpmsolver++",
        [SolverAlgorithm.SdeDpmSolver] = "sde-dpmsolver",
        [SolverAlgorithm.SdeDpmSolverPlusPlus] = "sde-dpmsolver++",
        [SolverAlgorithm.Deis] = "deis",
        [SolverAlgorithm.DataPrediction] = "data_prediction",
        [SolverAlgorithm.NoisePrediction] = "noise_prediction",
        [PredictionType.Epsilon] = "epsilon",
        [PredictionType.Sample] = "sample",
        [PredictionType.VPrediction] = "v_prediction",
        [PredictionType.Flow] = "flow_prediction",
        [TimestepSpacing.Leading] = "leading",
        [TimestepSpacing.Trailing] = "trailing",
        [TimestepSpacing.Linspace] = "linspace",
        [VarianceType.FixedSmall] = "fixed_small",
        [VarianceType.FixedSmallLog] = "fixed_small_log",
        [VarianceType.FixedLarge] = "fixed_large",
        [VarianceType.FixedLargeLog] = "fixed_large_log",
        [VarianceType.Learned] = "learned",
        [VarianceType.LearnedRange] = "learned_range",
    };

    /// <summary>The config file's word for <paramref name="value"/>: <c>BetaSchedule.ScaledLinear</c> → <c>scaled_linear</c>.</summary>
    /// <param name="value">A value of one of the library's closed choices.</param>
    public static string Of(Enum value) => Known.TryGetValue(value, out var name) ? name : value.ToString();

    /// <summary>The choice that a config file's word stands for.</summary>
    /// <typeparam name="T">The closed choice, such as <see cref="BetaSchedule"/>.</typeparam>
    /// <param name="key">The key of the config file, for the message.</param>
    /// <param name="word">The word that stands there.</param>
    /// <exception cref="DiffusionException">DIF0210: the word is none of the known ones.</exception>
    public static T Parse<T>(string key, string word)
        where T : struct, Enum => (T)(Find(typeof(T), word) ?? throw Rules.UnknownWord.Error(key, word, string.Join(", ", WordsOf(typeof(T)))));

    /// <summary>The choice of a type that is not known before the program runs; null for an unknown word.</summary>
    internal static Enum? Find(Type choice, string word) => Known.FirstOrDefault(pair => pair.Key.GetType() == choice && pair.Value == word).Key;

    /// <summary>All words of a closed choice.</summary>
    internal static IEnumerable<string> WordsOf(Type choice) => Known.Where(pair => pair.Key.GetType() == choice).Select(pair => pair.Value);
}
