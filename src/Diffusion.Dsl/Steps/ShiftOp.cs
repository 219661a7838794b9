using System.Globalization;

namespace Diffusion.Dsl.Steps;

/// <summary>h_d ← … h_2 ← h_1: the history grows older by one; h_1 is written next.</summary>
/// <param name="Depth">d, how many registers the history has; at least 2.</param>
public sealed record ShiftOp(int Depth) : StepOp
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var text = "h1";
        for (var age = 2; age <= Depth; age++)
        {
            text = "h" + age.ToString(CultureInfo.InvariantCulture) + " ← " + text;
        }

        return text;
    }
}
