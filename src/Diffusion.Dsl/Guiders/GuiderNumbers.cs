using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>The checks on numbers that several guiders have.</summary>
internal static class GuiderNumbers
{
    /// <summary>A scale that is finite.</summary>
    public static IEnumerable<Finding> Scale(string guider, double scale) =>
        double.IsNaN(scale) || double.IsInfinity(scale) ? [Rules.GuidanceScaleNotFinite.Found(guider, scale)] : [];

    /// <summary>A part of the steps.</summary>
    public static IEnumerable<Finding> Interval(GuidanceInterval interval) =>
        interval.Start >= 0 && interval.Start < interval.Stop && interval.Stop <= 1 ? [] : [Rules.UnknownInterval.Found(interval.Start, interval.Stop)];

    /// <summary>An option of which <paramref name="isRight"/> says whether it is allowed.</summary>
    /// <param name="isRight">Whether it is; a comparison with NaN never is.</param>
    /// <param name="guider">The guider's name.</param>
    /// <param name="option">The option's word.</param>
    /// <param name="value">What was said.</param>
    /// <param name="why">A clause: what is wrong with other values.</param>
    /// <param name="choose">What to say.</param>
    public static IEnumerable<Finding> Option(bool isRight, string guider, string option, object value, string why, string choose) =>
        isRight ? Enumerable.Empty<Finding>() : [Rules.GuiderOptionOutOfRange.Found(guider, option, value, why, choose)];
}
