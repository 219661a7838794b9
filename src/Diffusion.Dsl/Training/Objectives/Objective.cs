using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>What a network learns from x = α x_0 + σ ε: its target, and how much an error counts at each noise level.</summary>
/// <remarks>
/// <para>The target is a x_0 + b ε (<see cref="TargetAt"/>): ε for epsilon, x_0 for sample, v = √ᾱ ε − √(1 − ᾱ) x_0 for v-prediction
/// (arXiv:2202.00512, appendix D), ε − x_0 for flow (arXiv:2209.03003). All four say the same where both α and σ are above 0
/// (<see cref="PredictionConversion"/>); what differs is which errors count (<see cref="Weighting"/>).</para>
/// <para>Loss: the mean over all elements of w_t (m − target)², w_t of the <see cref="Weighting"/>.</para>
/// </remarks>
/// <param name="Prediction">What the network predicts.</param>
public sealed partial record Objective(PredictionType Prediction)
{
    /// <summary>How much the error at each noise level counts.</summary>
    public Weighting Weighting { get; init; } = Weightings.Uniform;

    /// <summary>The same objective for a network that predicts something else.</summary>
    /// <param name="prediction">What the network predicts.</param>
    public Objective WithPrediction(PredictionType prediction) => this with { Prediction = prediction };

    /// <summary>The same objective with another weighting.</summary>
    /// <param name="weighting">How much the error at each noise level counts.</param>
    public Objective WithWeighting(Weighting weighting) => this with { Weighting = weighting };

    /// <summary>The target at a noise level.</summary>
    /// <param name="level">How noisy the network's input is.</param>
    public TrainingTarget TargetAt(NoiseLevel level) => TrainingTarget.Of(Prediction, level);

    /// <summary>What multiplies the squared error of the network's output at a noise level.</summary>
    /// <param name="level">How noisy the network's input is.</param>
    public double WeightAt(NoiseLevel level) => Weighting.At(Prediction, level);

    /// <summary>What multiplies the squared error of the network's output at a timestep.</summary>
    /// <param name="curve">ᾱ_t of the noise schedule.</param>
    /// <param name="timestep">t, 0 to T − 1.</param>
    public double WeightAt(NoiseCurve curve, int timestep) => Weighting.At(Prediction, curve, timestep);

    /// <summary>What is wrong with training on a noise schedule; empty if nothing is.</summary>
    /// <param name="noise">A valid noise schedule.</param>
    public IReadOnlyList<Finding> Check(NoiseSchedule noise)
    {
        var findings = Weighting.Check().ToList();
        var curve = noise.Curve();
        if (findings.Count == 0)
        {
            findings.AddRange(Enumerable.Range(0, curve.Count)
                .Where(timestep => WeightAt(curve, timestep) is var weight && (double.IsNaN(weight) || double.IsInfinity(weight)))
                .Take(1)
                .Select(timestep => Rules.WeightNotFinite.Found(Weighting, timestep, curve.AlphaBar(timestep), Names.Of(Prediction))));
        }

        return findings;
    }

    /// <summary>
    /// What is wrong with a network whose output is bounded below: noise and velocities are negative half of the time, so only
    /// <see cref="PredictionType.Sample"/> of data within the bound can be learnt.
    /// </summary>
    /// <param name="network">The network's name, for the sentence.</param>
    /// <param name="leastOutput">The least value that the network gives, such as −0.2785 behind SiLU.</param>
    /// <param name="leastData">The least value of the data, such as 0 or −1.</param>
    public IReadOnlyList<Finding> CheckRange(string network, double leastOutput, double leastData) =>
        Prediction == PredictionType.Sample && leastData >= leastOutput
            ? []
            : [Rules.OutputRange.Found(network, leastOutput, Names.Of(Prediction), Prediction == PredictionType.Sample ? "go down to " + Text.Of(leastData) : "have no bound")];

    /// <summary>The canonical text: <c>v_prediction MinSnr(5)</c>.</summary>
    public override string ToString() => Names.Of(Prediction) + (Weighting is UniformWeighting ? "" : " " + Weighting);
}
