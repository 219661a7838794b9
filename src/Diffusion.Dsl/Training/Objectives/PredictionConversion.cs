namespace Diffusion.Dsl;

/// <summary>One network's output as another's: m′ = <see cref="OfSample"/>·x + <see cref="OfPrediction"/>·m.</summary>
/// <remarks>
/// With x̂_0 = P x + Q m and ε̂ = R x + S m (<see cref="PredictionBasis"/>) and the target c x_0 + n ε (<see cref="TrainingTarget"/>):
/// m′ = (c P + n R) x + (c Q + n S) m. Infinite where m says nothing of x_0: ε without signal, x_0 without noise.
/// </remarks>
/// <param name="OfSample">The part along the noisy sample.</param>
/// <param name="OfPrediction">The part along the output that is there.</param>
public sealed record PredictionConversion(double OfSample, double OfPrediction)
{
    /// <summary>The conversion at a noise level.</summary>
    /// <param name="from">What the network predicts.</param>
    /// <param name="to">What is wanted.</param>
    /// <param name="level">How noisy x is.</param>
    public static PredictionConversion Of(PredictionType from, PredictionType to, NoiseLevel level)
    {
        if (from == to)
        {
            return new(0, 1);
        }

        var basis = PredictionBasis.Of(from, level);
        var target = TrainingTarget.Of(to, level);
        return new((target.Clean * basis.P) + (target.Noise * basis.R), (target.Clean * basis.Q) + (target.Noise * basis.S));
    }
}
