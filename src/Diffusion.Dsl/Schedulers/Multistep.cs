using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>What linear multistep methods in λ share: how many outputs a step may read, and how divided differences are made of them.</summary>
internal static class Multistep
{
    /// <summary>How many outputs a step may read: fewer while the history grows, and at the end.</summary>
    /// <param name="order">The order of the steady state.</param>
    /// <param name="i">The step.</param>
    /// <param name="start">The first step.</param>
    /// <param name="count">The number of steps.</param>
    /// <param name="lowerOrderFinal">Whether the last steps take lower orders where there are fewer than 15.</param>
    /// <param name="firstOrderAtEnd">Whether the last step is of first order in any case.</param>
    public static int OrderAt(int order, int i, int start, int count, bool lowerOrderFinal, bool firstOrderAtEnd)
    {
        var lower = lowerOrderFinal && count < 15;
        var most = i == count - 1 && (lower || firstOrderAtEnd) ? 1 : i == count - 2 && lower ? 2 : 3;
        return Min(Min(order, i - start + 1), most);
    }

    /// <summary>x ← scale·x + d0·D_0 + d1·D_1 + d2·D_2 in terms of the history, with divided differences as in arXiv:2211.01095.</summary>
    /// <param name="scale">The factor of x.</param>
    /// <param name="differences">The factors of D_0, D_1, D_2; as many as the step's order.</param>
    /// <param name="steps">h of this step, then h of the earlier ones: λ_t − λ_s0, λ_s0 − λ_s1, λ_s1 − λ_s2.</param>
    public static AffineOp Update(double scale, double[] differences, double[] steps)
    {
        // A last level that repeats the one before is a step of no length; its differences would be 0/0.
        if (steps[0] == 0)
        {
            return AffineOp.Of(Register.X, new Term(Register.X, 1));
        }

        // Levels that repeat within the history tell nothing of a slope: there the order is lower.
        differences = differences.Take(1 + steps.Skip(1).TakeWhile(step => step != 0).Count()).ToArray();
        var terms = new double[differences.Length];
        terms[0] = differences[0];
        if (differences.Length == 2)
        {
            var r0 = steps[1] / steps[0];
            terms[0] += differences[1] / r0;
            terms[1] = -differences[1] / r0;
        }
        else if (differences.Length == 3)
        {
            // D1_0 = (m0 − m1)/r0, D1_1 = (m1 − m2)/r1; D1 = D1_0 + r0/(r0 + r1)·(D1_0 − D1_1), D2 = (D1_0 − D1_1)/(r0 + r1)
            var (r0, r1) = (steps[1] / steps[0], steps[2] / steps[0]);
            var newer = (differences[1] * (1 + (r0 / (r0 + r1)))) + (differences[2] / (r0 + r1));
            var older = -((differences[1] * r0) + differences[2]) / (r0 + r1);
            terms[0] += newer / r0;
            terms[1] = (-newer / r0) + (older / r1);
            terms[2] = -older / r1;
        }

        return AffineOp.Of(Register.X, [new Term(Register.X, scale), .. terms.Select((factor, age) => new Term(Register.History(age + 1), factor))]);
    }

    /// <summary>A DPM-Solver's step from a level to another.</summary>
    /// <param name="integral">The step's integral; it has as many differences as the step reads outputs.</param>
    /// <param name="steps">h of this step, then h of the earlier ones.</param>
    public static AffineOp Update(SolverIntegral integral, double[] steps)
    {
        var update = Update(integral.Scale, integral.Differences, steps);
        return integral.Noise is { } noise ? update.WithNoise(noise) : update;
    }
}
