using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>CFG++ of Chung, Kim, Park, Nam and Ye (2024), arXiv:2406.08070: the picture is guided, the noise that is put back is not.</summary>
/// <remarks>
/// <para>m = u + λ (c − u); x̂_0 = p x + q m; ε̂ = (x − α x̂_0(u))/σ, of the unconditional prediction alone; x′ = α′ x̂_0 + σ′ ε̂ (algorithm 2).</para>
/// <para>
/// λ = 0 is Cfg(0), the unconditional sampler; λ = 1 takes the picture from c alone. At each step it is Cfg(w) with w = λ/(1 − (σ′/α′)/(σ/α)), which falls to λ at the last one.
/// </para>
/// <para>
/// It lives between x̂_0 and the noise of a deterministic step of first order: Ddim with η = 0, Euler, EdmEuler and FlowEuler without churn; elsewhere it is refused (DIF0253). A clamp cuts
/// x̂_0 and leaves ε̂.
/// </para>
/// <para>Parity target: the paper, which runs DDIM.</para>
/// </remarks>
/// <param name="Lambda">λ in [0, 1]; 0.6 is about as strong as Cfg(7.5).</param>
public sealed record PlusPlusGuidance(double Lambda) : Guider
{
    /// <summary>The part of the steps in which guidance acts; outside it the conditional prediction is used alone.</summary>
    public GuidanceInterval Interval { get; init; } = GuidanceInterval.Always;

    /// <inheritdoc/>
    public override string Name => "CfgPlusPlus";

    /// <inheritdoc/>
    public override bool ComparesWithUnconditional => true;

    /// <inheritdoc/>
    internal override bool CombinesConditions => true;

    /// <summary>The same guidance with another strength.</summary>
    /// <param name="lambda">λ in [0, 1].</param>
    public PlusPlusGuidance WithLambda(double lambda) => this with { Lambda = lambda };

    /// <summary>The same guidance in another part of the steps.</summary>
    /// <param name="interval">Where it acts.</param>
    public PlusPlusGuidance WithInterval(GuidanceInterval interval) => this with { Interval = interval };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() =>
        GuiderNumbers.Option(Lambda >= 0 && Lambda <= 1, Name, "lambda", Lambda, "it goes from the unconditional to the conditional picture", "0 to 1, 0.6 is usual").Concat(GuiderNumbers.Interval(Interval));

    /// <inheritdoc/>
    internal override bool ActsAt(int step, int steps) => Interval.Contains(step, steps);

    /// <summary>The canonical text: <c>CfgPlusPlus(0.6)</c>.</summary>
    public override string ToString() => new Signature("CfgPlusPlus").Argument(Lambda).Option("interval", Interval, GuidanceInterval.Always).ToString();
}
