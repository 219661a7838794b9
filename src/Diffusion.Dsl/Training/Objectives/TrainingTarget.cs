using static System.Math;

namespace Diffusion.Dsl;

/// <summary>What a network should give at one noise level: <see cref="Clean"/>·x_0 + <see cref="Noise"/>·ε.</summary>
/// <param name="Clean">The part along the clean sample.</param>
/// <param name="Noise">The part along the noise.</param>
public sealed record TrainingTarget(double Clean, double Noise)
{
    /// <summary>The target of a prediction type at a noise level: the inverse of <see cref="PredictionBasis"/>.</summary>
    /// <param name="prediction">What the network predicts.</param>
    /// <param name="level">How noisy x is.</param>
    public static TrainingTarget Of(PredictionType prediction, NoiseLevel level)
    {
        var scale = Sqrt((level.Alpha * level.Alpha) + (level.Sigma * level.Sigma));
        return prediction switch
        {
            PredictionType.Epsilon => new(0, 1),
            PredictionType.Sample => new(1, 0),
            PredictionType.Flow => new(-1, 1),
            _ => new(-level.Sigma / scale, level.Alpha / scale),
        };
    }
}
