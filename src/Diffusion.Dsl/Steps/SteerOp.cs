using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl.Steps;

/// <summary>x ← x − Σ g_k·∇_x L_k(x̂_0) with x̂_0 = p·x + q·m: guidance by gradients. It leaves m as it is, but for guiders that change the noise: their sum goes from m instead of x.</summary>
/// <param name="P">The part of x̂_0 along x.</param>
/// <param name="Q">The part of x̂_0 along m.</param>
/// <param name="Factors">g_k, the scale of each guider here, in the order of the pipeline's guiders by gradients.</param>
public sealed record SteerOp(double P, double Q, EquatableArray<double> Factors) : StepOp
{
    /// <summary>Whose m: that of the k-th evaluation of the step.</summary>
    public int Stage { get; init; } = 1;

    /// <summary>w of the guidance that made m of u and c, where the gradient passes the network; null: it does not, for any guider.</summary>
    public double? Through { get; init; }

    /// <summary>Which factors are of guiders that change the noise, by their numbers from 0, in order.</summary>
    public EquatableArray<int> OfNoise { get; init; }

    /// <summary>The range that x̂_0 is cut to in front of the losses; null: it is not.</summary>
    public double? Limit { get; init; }

    /// <summary>The output that is read.</summary>
    public Register Output => Register.M.At(Stage);

    /// <summary>What tells the k-th guider from the others: its number from 1, nothing where it is the only one.</summary>
    internal string Suffix(int k) => Factors.Count == 1 ? "" : Text.Of(k + 1);

    /// <summary>What is moved, x in front of m.</summary>
    internal IEnumerable<Register> Moved => new[] { Register.X, Output }.Where(target => Enumerable.Range(0, Factors.Count).Any(k => Target(k) == target));

    /// <summary>The operation in words of the caller's.</summary>
    /// <param name="term">What the k-th guider takes away, such as <c>g1·∇L1</c>.</param>
    internal string Moves(System.Func<int, string> term) => string.Join(", ", Moved.Select(target =>
        target + " ← " + target + string.Concat(Enumerable.Range(0, Factors.Count).Where(k => Target(k) == target).Select(k => " − " + term(k)))));

    /// <inheritdoc/>
    public override string ToString() =>
        Moves(k => Text.Of(Factors[k]) + "·∇L" + Text.Of(k + 1) + "(" + Text.Of(P) + "·x + " + Text.Of(Q) + "·" + Output + ")") + (Through is null ? "" : " through the network");

    private Register Target(int k) => OfNoise.Contains(k) ? Output : Register.X;
}
