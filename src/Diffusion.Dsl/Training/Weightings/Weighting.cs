using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>How much the error at each noise level counts in the training loss: a pure function of the noise level and the prediction type. A closed family.</summary>
/// <remarks>
/// <para>
/// With x = α x_0 + σ ε and the network's output m, x̂_0 = P x + Q m (<see cref="PredictionBasis"/>): an error of the output counts 1/Q² times as an
/// error of x̂_0. Q² is σ²/α² = 1/SNR for ε, 1 for x_0, σ²/(α² + σ²) = 1/(SNR + 1) for v, and σ²/(α + σ)² for flow.
/// </para>
/// <para>
/// Papers state their weights on different errors. Here each weighting is one function of the signal-to-noise ratio, the weight w on ‖x_0 − x̂_0‖²
/// (<see cref="OnCleanSample"/>); what multiplies the squared error of the network's output is then w Q² (<see cref="At(PredictionType, NoiseLevel)"/>).
/// Of ε-prediction Q is infinite where there is no signal, while w may be 0: there the weight is the limit of w/SNR.
/// </para>
/// <para>Figures: <see cref="Objective.Explain"/> prints both weights.</para>
/// </remarks>
public abstract record Weighting
{
    private protected Weighting()
    {
    }

    /// <summary>What multiplies the squared error of the network's output.</summary>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="level">How noisy its input is.</param>
    public virtual double At(PredictionType prediction, NoiseLevel level)
    {
        if (prediction == PredictionType.Epsilon)
        {
            return OnNoise(level);
        }

        var q = PredictionBasis.Of(prediction, level).Q;
        return OnCleanSample(prediction, level) * q * q;
    }

    /// <summary>What multiplies the squared error of the network's output.</summary>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="curve">ᾱ_t of the noise schedule.</param>
    /// <param name="timestep">t, 0 to T − 1.</param>
    public double At(PredictionType prediction, NoiseCurve curve, int timestep) =>
        At(prediction, NoiseLevel.OfAlphaBar(curve.AlphaBar(timestep)));

    /// <summary>w: how much the squared error of the clean sample counts.</summary>
    /// <param name="prediction">What the network predicts; matters for <see cref="UniformWeighting"/> alone.</param>
    /// <param name="level">How noisy the network's input is.</param>
    public abstract double OnCleanSample(PredictionType prediction, NoiseLevel level);

    /// <summary>What is wrong with the weighting's own numbers; empty if nothing is.</summary>
    public virtual IEnumerable<Finding> Check() => [];

    // w/SNR: how much the squared error of the noise counts.
    private protected abstract double OnNoise(NoiseLevel level);

    private protected static double Snr(NoiseLevel level) => level.Alpha * level.Alpha / (level.Sigma * level.Sigma);
}
