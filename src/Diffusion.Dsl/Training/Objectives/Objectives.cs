namespace Diffusion.Dsl;

/// <summary>The objectives by their short names, for <c>using static Diffusion.Dsl.Objectives</c> in C# and <c>open type</c> in F#.</summary>
public static class Objectives
{
    /// <summary>The network predicts the noise ε: DDPM's choice (arXiv:2006.11239, Eq. 14).</summary>
    public static Objective Epsilon { get; } = new(PredictionType.Epsilon);

    /// <summary>The network predicts the clean sample x_0.</summary>
    public static Objective Sample { get; } = new(PredictionType.Sample);

    /// <summary>The network predicts v = √ᾱ ε − √(1 − ᾱ) x_0 (arXiv:2202.00512, appendix D).</summary>
    public static Objective Velocity { get; } = new(PredictionType.VPrediction);

    /// <summary>The network predicts the flow ε − x_0 (arXiv:2209.03003).</summary>
    public static Objective Flow { get; } = new(PredictionType.Flow);
}
