using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Adaptive projected guidance of Sadat, Hilliges and Weber (2024), arXiv:2410.02416: high scales without the colours that Cfg burns.</summary>
/// <remarks>
/// <para>u and c are the network's outputs without and with the condition; all norms and products are over [C, H, W] of each picture (algorithm 1).</para>
/// <para>Δ ← c − u + β Δ_before (momentum over the evaluations of a run; negative β weakens what repeats)</para>
/// <para>Δ ← Δ min(1, r/‖Δ‖) where r > 0; Δ_∥ = ⟨Δ, c⟩ c/‖c‖², Δ_⊥ = Δ − Δ_∥</para>
/// <para>m = c + (w − 1)(Δ_⊥ + η Δ_∥), so that w = 1 is no guidance and η = 1, β = 0, r = 0 is Cfg(w), into which it is compiled.</para>
/// <para>
/// It works on the network's output, whatever that predicts. Parity target: diffusers <c>AdaptiveProjectedGuidance</c>, which writes m = u + w(Δ_⊥ + η Δ_∥) unless
/// <c>use_original_formulation</c> (then with w − 1 as its scale): <see cref="FromUnconditional"/>. Its rescale is r here, and its defaults are η = 1, no β and r = 15.
/// </para>
/// </remarks>
/// <param name="Scale">w: 1 is no guidance.</param>
/// <param name="Eta">η in [0, 1]: how much is kept of the part along c, which saturates colours.</param>
/// <param name="Momentum">β in (−1, 1); 0 is off.</param>
/// <param name="Threshold">r, the largest norm of Δ; 0 is off.</param>
public sealed record AdaptiveProjectedGuidance(double Scale, double Eta = 0, double Momentum = -0.5, double Threshold = 0) : Guider
{
    /// <summary>Whether the direction is added to u with weight w, as diffusers does, and not to c with weight w − 1, as the paper does. With η = 1, β = 0 and r = 0 that is the same.</summary>
    public bool FromUnconditional { get; init; }

    /// <summary>The part of the steps in which guidance acts; outside it the conditional prediction is used alone.</summary>
    public GuidanceInterval Interval { get; init; } = GuidanceInterval.Always;

    /// <inheritdoc/>
    public override string Name => "Apg";

    /// <inheritdoc/>
    public override bool ComparesWithUnconditional => Scale != 1;

    /// <inheritdoc/>
    internal override bool CombinesConditions => true;

    /// <summary>Whether nothing is projected, cut or remembered: classifier-free guidance.</summary>
    internal bool IsPlain => Eta == 1 && Momentum == 0 && Threshold == 0;

    /// <summary>The same guidance with another scale.</summary>
    /// <param name="scale">w.</param>
    public AdaptiveProjectedGuidance WithScale(double scale) => this with { Scale = scale };

    /// <summary>The same guidance with another share of the part along c.</summary>
    /// <param name="eta">η in [0, 1].</param>
    public AdaptiveProjectedGuidance WithEta(double eta) => this with { Eta = eta };

    /// <summary>The same guidance with another momentum.</summary>
    /// <param name="momentum">β in (−1, 1); 0 is off.</param>
    public AdaptiveProjectedGuidance WithMomentum(double momentum) => this with { Momentum = momentum };

    /// <summary>The same guidance with another largest norm.</summary>
    /// <param name="threshold">r, at least 0; 0 is off.</param>
    public AdaptiveProjectedGuidance WithThreshold(double threshold) => this with { Threshold = threshold };

    /// <summary>The same guidance in diffusers' or in the paper's form.</summary>
    /// <param name="fromUnconditional">Whether the direction is added to u with weight w.</param>
    public AdaptiveProjectedGuidance WithFromUnconditional(bool fromUnconditional) => this with { FromUnconditional = fromUnconditional };

    /// <summary>The same guidance in another part of the steps.</summary>
    /// <param name="interval">Where it acts.</param>
    public AdaptiveProjectedGuidance WithInterval(GuidanceInterval interval) => this with { Interval = interval };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => GuiderNumbers.Scale(Name, Scale)
        .Concat(GuiderNumbers.Option(Eta >= 0 && Eta <= 1, Name, "eta", Eta, "it is the share that is kept of the part along the prediction", "0 to 1"))
        .Concat(GuiderNumbers.Option(Momentum > -1 && Momentum < 1, Name, "momentum", Momentum, "the average would grow from step to step", "a number between -1 and 1, -0.5 is usual and 0 is off"))
        .Concat(GuiderNumbers.Option(Threshold >= 0 && !double.IsInfinity(Threshold), Name, "threshold", Threshold, "it is the largest norm of a direction", "a number above 0, or 0 for none"))
        .Concat(GuiderNumbers.Interval(Interval));

    /// <inheritdoc/>
    internal override bool ActsAt(int step, int steps) => Scale != 1 && Interval.Contains(step, steps);

    /// <summary>The canonical text: <c>Apg(7, threshold: 15)</c>.</summary>
    public override string ToString() => new Signature("Apg")
        .Argument(Scale)
        .Option("eta", Eta, 0.0)
        .Option("momentum", Momentum, -0.5)
        .Option("threshold", Threshold, 0.0)
        .Option("fromUnconditional", FromUnconditional, false)
        .Option("interval", Interval, GuidanceInterval.Always)
        .ToString();
}
