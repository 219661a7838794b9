using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>A linear multistep method (Adams and Bashforth) on the probability flow in σ, with coefficients for uneven steps.</summary>
/// <remarks>
/// <para>x = x_0 + σ ε (the clean sample keeps its scale); the network sees x/√(σ² + 1).</para>
/// <para>d_i = (x_i − x̂_0)/σ_i is the slope at σ_i (arXiv:2206.00364, Eq. 3)</para>
/// <para>x_{i+1} = x_i + Σ_{k&lt;q} c_k d_{i−k}, c_k = ∫_{σ_i}^{σ_{i+1}} ∏_{j≠k} (σ − σ_{i−j})/(σ_{i−k} − σ_{i−j}) dσ, q = min(order, i + 1)</para>
/// <para>
/// The integral is exact: with u = σ − σ_i the product is a polynomial in u whose terms all have one sign on the step, u and σ_i − σ_{i−j} being negative, so that
/// nothing cancels. diffusers integrates the same polynomial numerically.
/// </para>
/// <para>
/// As in diffusers q counts from the first level of the ladder even where the sampler starts later (image-to-image): slopes that were never taken are then left out
/// of a sum whose coefficients allow for them. A repeated level ends the row of nodes, where diffusers divides by 0.
/// </para>
/// <para>Parity target: diffusers <c>LMSDiscreteScheduler</c>, whose <c>order</c> is an argument of <c>step</c>.</para>
/// </remarks>
public sealed record LmsScheduler : SigmaScheduler<LmsScheduler>
{
    private const int MostOrder = 10;

    private static readonly SchedulerOption<LmsScheduler>[] OptionList =
    [
        .. SigmaOptions(TimestepSpacing.Linspace),
        SchedulerOption<LmsScheduler>.Argument("order", sampler => sampler.Slopes, (sampler, value) => sampler.WithOrder(value), 4),
    ];

    /// <summary>The same sampler with another <see cref="Order"/>.</summary>
    /// <param name="order">How many slopes a step reads, 1 to 10.</param>
    public LmsScheduler WithOrder(int order) => this with { Slopes = order };

    /// <inheritdoc/>
    public override string Name => "Lms";

    /// <inheritdoc/>
    public override string DiffusersClass => "LMSDiscreteScheduler";

    /// <summary>The order, which is also how many slopes a step reads: 1 to 10, 4 unless said otherwise; the first steps take lower orders.</summary>
    public override int Order => Slopes;

    /// <inheritdoc/>
    public override int HistoryLength => Slopes - 1;

    /// <inheritdoc/>
    internal override NoiseKeys NoiseKeys => NoiseKeys.WithoutZeroSnr;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<LmsScheduler>> Options => OptionList;

    private int Slopes { get; init; } = 4;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions() => base.CheckOptions().Concat(SpacedChecks.InRange("order", Name, Slopes, 1, MostOrder, 4));

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var ladder = SigmaLadder.Discrete(derivation.Model, Grid(derivation.Noise, FinalSigma.Zero));
        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation), InitialNoiseSigma(ladder));
    }

    private Step Row(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (sigma, next) = (ladder.Sigmas[i], ladder.Sigmas[i + 1]);
        var taken = System.Math.Min(Slopes, i - derivation.Start + 1);
        var terms = LagrangeIntegrals.Of(Nodes(i, ladder), next).Take(taken).Select((factor, age) => new Term(Register.History(age + 1), factor));
        return Step.Of(
            ladder.Timesteps[i],
            ladder.TimestepAfter(i),
            NoiseLevel.Exploding(next),
            [
                Derivation.Evaluate(ladder.Timesteps[i], sigma),
                .. derivation.CleanSample(NoiseLevel.Exploding(sigma)),
                Slopes > 1 ? new ShiftOp(Slopes) : null,
                derivation.Slope(sigma) with { Target = Register.History(1) },
                AffineOp.Of(Register.X, [new Term(Register.X, 1), .. terms]),
            ]);
    }

    /// <summary>σ_i, σ_{i−1} …, at most as many as the order, as long as they differ.</summary>
    private double[] Nodes(int i, SigmaLadder ladder) =>
        Enumerable.Range(0, System.Math.Min(Slopes, i + 1)).TakeWhile(k => k == 0 || ladder.Sigmas[i - k] > ladder.Sigmas[i - k + 1]).Select(k => ladder.Sigmas[i - k]).ToArray();
}
