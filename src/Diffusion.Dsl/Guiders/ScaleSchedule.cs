using System.Linq;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>How the scale of a guidance by gradients changes along the steps: a function of the noise level, as the course plots it (unit 2, notebook 1).</summary>
/// <remarks>
/// The course reads <c>alphas_cumprod[i]</c> with i the number of the step, where t is meant: with 50 steps √ᾱ_i falls from 0.99995 to 0.9854, so that
/// the schedule does next to nothing, where √ᾱ_t rises from 0.0077 to 1. <see cref="AsInCourse"/> repeats that.
/// </remarks>
/// <param name="Curve">The function.</param>
/// <param name="ReadsStepNumber">Whether the step's number stands for the timestep, as in the course.</param>
public sealed record ScaleSchedule(ScaleCurve Curve, bool ReadsStepNumber = false)
{
    /// <summary>The same scale at every step.</summary>
    public static ScaleSchedule Constant { get; } = new(ScaleCurve.Constant);

    /// <summary>The scale times ᾱ_t.</summary>
    public static ScaleSchedule AlphaBar { get; } = new(ScaleCurve.AlphaBar);

    /// <summary>The scale times √ᾱ_t.</summary>
    public static ScaleSchedule SqrtAlphaBar { get; } = new(ScaleCurve.SqrtAlphaBar);

    /// <summary>The scale times √(1 − ᾱ_t).</summary>
    public static ScaleSchedule SqrtOneMinusAlphaBar { get; } = new(ScaleCurve.SqrtOneMinusAlphaBar);

    /// <summary>Any function, by its values at equal distances from the first step to the last; linear between.</summary>
    /// <param name="factors">At least one: <c>Points(0, 1, 0)</c> is strongest in the middle.</param>
    public static ScaleSchedule Points(params double[] factors) => new(ScaleCurve.Points) { Factors = factors.ToEquatableArray() };

    /// <summary>The values of <see cref="ScaleCurve.Points"/>; empty for the other curves.</summary>
    public EquatableArray<double> Factors { get; init; }

    /// <summary>The same curve, read at the number of the step in place of the timestep.</summary>
    public ScaleSchedule AsInCourse() => this with { ReadsStepNumber = true };

    /// <summary>The factor on the scale, in [0, 1].</summary>
    /// <param name="noise">The model's ᾱ.</param>
    /// <param name="step">The number of the step, counted from 0.</param>
    /// <param name="timestep">The timestep t of the step, 0 to T − 1.</param>
    public double Factor(NoiseCurve noise, int step, int timestep) => Factor(noise.AlphaBar(ReadsStepNumber ? step : timestep));

    /// <summary>The factor on the scale at a noise level; 1 where the curve is one of points.</summary>
    /// <param name="alphaBar">ᾱ, in [0, 1].</param>
    public double Factor(double alphaBar) => Curve switch
    {
        ScaleCurve.AlphaBar => alphaBar,
        ScaleCurve.SqrtAlphaBar => Sqrt(alphaBar),
        ScaleCurve.SqrtOneMinusAlphaBar => Sqrt(1 - alphaBar),
        _ => 1,
    };

    /// <summary>The factor at some part of the run, of points.</summary>
    /// <param name="share">0 at the first step, 1 at the last.</param>
    internal double Between(double share)
    {
        var place = share * (Factors.Count - 1);
        var left = Min((int)place, Factors.Count - 1);
        var right = Min(left + 1, Factors.Count - 1);
        return Factors[left] + ((place - left) * (Factors[right] - Factors[left]));
    }

    /// <summary>The canonical text: <c>SqrtAlphaBar</c>, <c>SqrtAlphaBar as in the course</c>.</summary>
    public override string ToString() => Curve + (Curve == ScaleCurve.Points ? "(" + string.Join(", ", Factors.Select(Text.Of)) + ")" : "") + (ReadsStepNumber ? " as in the course" : "");
}
