using System.Linq;

namespace Diffusion.Dsl.Steps;

/// <summary>Outputs ← network(s·x, t), once for each condition of <paramref name="Outputs"/>.</summary>
/// <param name="Timestep">t, as the network is told it.</param>
/// <param name="Scale">s, the factor on x (1 where the sampler keeps the variance).</param>
/// <param name="Outputs">m alone, c alone (named m), or u and c for guidance; p or g of another <see cref="Variant"/>; none: the network is not asked.</param>
/// <param name="SplitVariance">Whether the output has 2C channels, the second half of which becomes v.</param>
public sealed record EvaluateOp(double Timestep, double Scale, EquatableArray<Register> Outputs, bool SplitVariance) : StepOp
{
    /// <summary>How noisy x is here.</summary>
    public NoiseLevel Level { get; init; } = NoiseLevel.Clean;

    /// <summary>The evaluation's number in its step, from 1; its output is m, then m2, m3 …</summary>
    public int Stage { get; init; } = 1;

    /// <summary>Whether the way from x to the outputs is kept for gradients.</summary>
    public bool IsTracked { get; init; }

    /// <summary>Which network is asked; of others than the pipeline's own the variance is left out.</summary>
    public NetworkVariant Variant { get; init; }

    /// <summary>A single evaluation into m.</summary>
    /// <param name="timestep">t; rounded to float32, in which networks are told it.</param>
    /// <param name="level">How noisy x is.</param>
    /// <param name="scale">The factor on x.</param>
    /// <param name="stage">The evaluation's number in its step, from 1.</param>
    /// <param name="splitVariance">Whether the output has 2C channels.</param>
    public static EvaluateOp Single(double timestep, NoiseLevel level, double scale = 1, int stage = 1, bool splitVariance = false) =>
        new((float)timestep, scale, EquatableArray.Of(Register.M.At(stage)), splitVariance) { Level = level, Stage = stage };

    /// <summary>The outputs as listings have them: <c>u, c, v ← </c>.</summary>
    internal string Left => string.Join(", ", Outputs.Select(output => output.Name)) + (SplitVariance && Variant == NetworkVariant.Own ? ", v" : "") + " ← ";

    /// <summary>The network as listings have it.</summary>
    internal string Called => Variant switch
    {
        NetworkVariant.Perturbed => "perturbed network",
        NetworkVariant.Worse => "worse network",
        _ => "network",
    };

    /// <inheritdoc/>
    public override string ToString()
    {
        if (Outputs.IsEmpty)
        {
            return "the network is not asked at " + Text.Of(Timestep);
        }

        var input = Scale == 1 ? "x" : Text.Of(Scale) + "·x";
        return Left + Called + "(" + input + ", " + Text.Of(Timestep) + ")";
    }
}
