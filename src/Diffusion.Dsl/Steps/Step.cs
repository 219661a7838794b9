using System.Linq;

namespace Diffusion.Dsl.Steps;

/// <summary>One row of a sampler's table: from timestep <see cref="From"/> to <see cref="To"/>.</summary>
/// <param name="From">The noise level x has at the start, as a training timestep.</param>
/// <param name="To">The noise level x has at the end; −1 is the clean sample.</param>
/// <param name="Ops">What is done, in order; the first is an evaluation.</param>
public sealed record Step(double From, double To, EquatableArray<StepOp> Ops)
{
    /// <summary>How noisy x is at the end.</summary>
    public NoiseLevel Level { get; init; } = NoiseLevel.Clean;

    /// <summary>How noisy x is at the start.</summary>
    public NoiseLevel Start => ((EvaluateOp)Ops[0]).Level;

    /// <summary>A step of the given operations.</summary>
    /// <param name="from">The timestep at the start.</param>
    /// <param name="to">The timestep at the end; −1 is the clean sample.</param>
    /// <param name="level">How noisy x is at the end.</param>
    /// <param name="ops">What is done, in order; null entries are left out.</param>
    public static Step Of(double from, double to, NoiseLevel level, params StepOp?[] ops) => new(from, to, ops.OfType<StepOp>().ToEquatableArray()) { Level = level };

    /// <summary>The readable label: <c>t = 975 → 950</c>, or <c>t = 0 → clean</c>.</summary>
    /// <remarks>Networks that are told log σ know negative timesteps of noisy samples; those are never whole.</remarks>
    public string Label => "t = " + Short(From) + " → " + (To < 0 && (Level.Sigma == 0 || To == System.Math.Floor(To)) ? "clean" : Short(To));

    /// <inheritdoc/>
    public override string ToString() => Label + "\n" + string.Concat(Ops.Select(op => "    " + op + "\n"));

    private static string Short(double timestep) => timestep.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture);
}
