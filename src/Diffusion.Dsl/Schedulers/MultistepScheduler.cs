using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>A multistep solver of the probability flow or its SDE in half log signal-to-noise ratio λ, on variance-preserving samples.</summary>
/// <typeparam name="TSelf">The sampler itself.</typeparam>
public abstract record MultistepScheduler<TSelf> : SigmaScheduler<TSelf>
    where TSelf : MultistepScheduler<TSelf>
{
    private protected MultistepScheduler()
    {
    }

    /// <summary>What keeps x̂_0 in range: nothing or dynamic thresholding; null: as the checkpoint says, else nothing.</summary>
    public Clamp? Clamp { get; init; }

    /// <summary>Whether the last steps take lower orders (in most solvers only where there are fewer than 15 steps); null: as the checkpoint says, else yes.</summary>
    public bool? LowerOrderFinal { get; init; }

    /// <summary>The same sampler with another <see cref="Clamp"/>.</summary>
    /// <param name="clamp">Nothing or dynamic thresholding; null: as the checkpoint says.</param>
    public TSelf WithClamp(Clamp? clamp) => Self(this with { Clamp = clamp });

    /// <summary>The same sampler with another <see cref="LowerOrderFinal"/>.</summary>
    /// <param name="lowerOrderFinal">Whether the last steps take lower orders; null: as the checkpoint says.</param>
    public TSelf WithLowerOrderFinal(bool? lowerOrderFinal) => Self(this with { LowerOrderFinal = lowerOrderFinal });

    /// <summary>The options that every such sampler has.</summary>
    /// <param name="lu">Whether the class's config files have <c>use_lu_lambdas</c>.</param>
    private protected static IEnumerable<SchedulerOption<TSelf>> MultistepOptions(bool lu = false) =>
    [
        .. SigmaOptions(TimestepSpacing.Linspace, lu: lu),
        SchedulerOption<TSelf>.Clamp(sampler => sampler.Clamp, (sampler, clamp) => sampler.WithClamp(clamp), Clamp.None, clips: false),
        SchedulerOption<TSelf>.Flag("lowerOrderFinal", "lower_order_final", sampler => sampler.LowerOrderFinal, (sampler, lower) => sampler.WithLowerOrderFinal(lower), true),
    ];

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions()
    {
        var findings = base.CheckOptions().Concat(SpacedChecks.Clamping(Clamp));
        return Clamp is RangeClamp ? findings.Append(Rules.OptionsExclude.Found("clamp: " + Clamp, Name, "it keeps x0 in range by dynamic thresholding or not at all")) : findings;
    }

    /// <summary>h_d ← … ← h_1, then h_1 ← x̂_0 or ε̂ of this step.</summary>
    /// <param name="derivation">What the table is derived from.</param>
    /// <param name="level">How noisy x is.</param>
    /// <param name="predictsNoise">Whether the history holds ε̂ instead of x̂_0.</param>
    /// <param name="depth">How many outputs are kept.</param>
    private protected IEnumerable<StepOp> Remember(Derivation derivation, NoiseLevel level, bool predictsNoise, int depth)
    {
        foreach (var op in derivation.CleanSample(level, Clamp))
        {
            yield return op;
        }

        if (depth > 1)
        {
            yield return new ShiftOp(depth);
        }

        yield return AffineOp.Of(Register.History(1), Output(derivation, level, predictsNoise, 1));
    }

    /// <summary>factor·x̂_0 or factor·ε̂ of this step; of ε̂ the first term is that of x.</summary>
    /// <param name="derivation">What the table is derived from.</param>
    /// <param name="level">How noisy x is.</param>
    /// <param name="predictsNoise">Whether it is ε̂ instead of x̂_0.</param>
    /// <param name="factor">The factor.</param>
    private protected Term[] Output(Derivation derivation, NoiseLevel level, bool predictsNoise, double factor) =>
        !predictsNoise ? [new(Register.X0, factor)]
        : Clamp is null or NoClamp ? derivation.NoiseTerms(level, factor)
        : [new(Register.X, factor / level.Sigma), new(Register.X0, -factor * level.Alpha / level.Sigma)];

    /// <summary>The levels of solvers whose spreads end by repeating their last level, which with one step is the first.</summary>
    /// <param name="derivation">What the table is derived from.</param>
    /// <param name="final">Where the last step ends.</param>
    /// <param name="lambdaMin">Timesteps with λ below this are left out; null: none.</param>
    private protected SigmaLadder Ladder(Derivation derivation, FinalSigma final, double? lambdaMin = null)
    {
        var grid = Grid(derivation.Noise, final) with { LambdaMin = lambdaMin ?? double.NegativeInfinity };
        var ladder = SigmaLadder.Solver(derivation.Model, grid, derivation.Noise.TrainTimesteps);
        var isSpread = Sigmas is not null and not ModelSigmas && CustomTimesteps.IsEmpty && CustomSigmas.IsEmpty;
        return isSpread && ladder.Count == 1 && final == FinalSigma.SigmaMin ? ladder with { Sigmas = EquatableArray.Of(ladder.Sigmas[0], ladder.Sigmas[0]) } : ladder;
    }

    /// <summary>Where earlier outputs lie on the step from σ_i to σ_{i+1}, in units of its length in λ: 0 for that of σ_i, below 0 for older ones.</summary>
    /// <param name="ladder">The levels; the step's two differ, and the second is not 0.</param>
    /// <param name="i">The step.</param>
    /// <param name="count">How many; fewer come back where a level repeats, whose outputs give no slope.</param>
    private protected static double[] Nodes(SigmaLadder ladder, int i, int count)
    {
        var (h, used) = (Length(ladder, i), 1);
        while (used < count && ladder.Sigmas[i - used] > ladder.Sigmas[i - used + 1])
        {
            used++;
        }

        return Enumerable.Range(0, used).Select(age => (Lambda(ladder, i - age) - Lambda(ladder, i)) / h).ToArray();
    }

    /// <summary>h = λ_{i+1} − λ_i, the length of a step; +∞ where it ends at the clean sample.</summary>
    /// <param name="ladder">The levels.</param>
    /// <param name="i">The step.</param>
    private protected static double Length(SigmaLadder ladder, int i) => Lambda(ladder, i + 1) - Lambda(ladder, i);

    /// <summary>x ← scale·x + Σ_j weights_j·h_{j+1}.</summary>
    /// <param name="scale">The factor of x.</param>
    /// <param name="weights">The factors of what the history holds, the newest first.</param>
    private protected static AffineOp Predict(double scale, IEnumerable<double> weights) =>
        AffineOp.Of(Register.X, [new Term(Register.X, scale), .. weights.Select((weight, age) => new Term(Register.History(age + 1), weight))]);

    /// <summary>
    /// The last step again, now that the output at its end, h_1, is known. Predictor and corrector have the same part along where the step began, and the same
    /// noise: x gets the difference of their sums over outputs, and nothing else need be kept.
    /// </summary>
    /// <param name="predicted">The predictor's factors, the newest output that it knew first.</param>
    /// <param name="corrected">The corrector's factors, that of h_1 first.</param>
    private protected static AffineOp Correct(double[] predicted, double[] corrected) => Predict(
        1,
        Enumerable.Range(0, System.Math.Max(predicted.Length + 1, corrected.Length)).Select(age => corrected.ElementAtOrDefault(age) - (age > 0 ? predicted.ElementAtOrDefault(age - 1) : 0)));

    /// <summary>The step to the clean sample, h → ∞: x ← x̂_0, whose output the newest history register holds.</summary>
    /// <param name="level">How noisy x is.</param>
    /// <param name="predictsNoise">Whether the history holds ε̂ instead of x̂_0.</param>
    private protected static AffineOp ToClean(NoiseLevel level, bool predictsNoise) => predictsNoise
        ? AffineOp.Of(Register.X, new Term(Register.X, 1 / level.Alpha), new Term(Register.History(1), -level.Ratio))
        : AffineOp.Of(Register.X, new Term(Register.History(1), 1));

    private static double Lambda(SigmaLadder ladder, int i) => NoiseLevel.Preserving(ladder.Sigmas[i]).Lambda;
}
