using System.Linq;

namespace Diffusion.Dsl.Steps;

/// <summary>Outputs ← network(s·x, t), once for each condition of <paramref name="Outputs"/>.</summary>
/// <param name="Timestep">t, as the network is told it.</param>
/// <param name="Scale">s, the factor on x (1 where the sampler keeps the variance).</param>
/// <param name="Outputs">m alone, c alone (named m), or u and c for guidance.</param>
/// <param name="SplitVariance">Whether the output has 2C channels, the second half of which becomes v.</param>
public sealed record EvaluateOp(double Timestep, double Scale, EquatableArray<Register> Outputs, bool SplitVariance) : StepOp
{
    /// <summary>A single evaluation into m.</summary>
    /// <param name="timestep">t.</param>
    /// <param name="splitVariance">Whether the output has 2C channels.</param>
    public static EvaluateOp Single(double timestep, bool splitVariance = false) =>
        new(timestep, 1, EquatableArray.Of(Register.M), splitVariance);

    /// <inheritdoc/>
    public override string ToString()
    {
        var input = Scale == 1 ? "x" : Text.Of(Scale) + "·x";
        var outputs = string.Join(", ", Outputs.Select(output => output.Name)) + (SplitVariance ? ", v" : "");
        return outputs + " ← network(" + input + ", " + Text.Of(Timestep) + ")";
    }
}
