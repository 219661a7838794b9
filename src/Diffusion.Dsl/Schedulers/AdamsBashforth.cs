using System;

namespace Diffusion.Dsl;

/// <summary>Weights of the Adams-Bashforth methods with equal steps: what of the newest outputs, the newest first, makes the slope of a step (arXiv:2202.09778, Eq. 12).</summary>
internal static class AdamsBashforth
{
    /// <summary>The weights; their sum is 1.</summary>
    /// <param name="order">How many outputs there are, 1 to 4.</param>
    public static double[] Weights(int order) => order switch
    {
        1 => [1],
        2 => [3 / 2.0, -1 / 2.0],
        3 => [23 / 12.0, -16 / 12.0, 5 / 12.0],
        4 => [55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0],
        _ => throw new ArgumentOutOfRangeException(nameof(order)),
    };
}
