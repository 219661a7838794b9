using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Data.Digits;

namespace Diffusion.Runtime.Data;

/// <summary>The first samples of <see cref="ProceduralDigits"/> as a data set with an end: nothing to download.</summary>
/// <param name="Digits">The endless data set.</param>
/// <param name="Count">How many samples, at least 1; MNIST has 60,000.</param>
public sealed record DigitData(ProceduralDigits Digits, int Count) : IImageData
{
    /// <inheritdoc/>
    public string Name => FormattableString.Invariant($"procedural digits of seed {Digits.Seed}, variety {Digits.Variety}");

    /// <summary>The ten digits.</summary>
    public IReadOnlyList<string> Classes { get; } = [.. Enumerable.Range(0, 10).Select(digit => digit.ToString(CultureInfo.InvariantCulture))];

    /// <inheritdoc/>
    public ImageSample Read(int index)
    {
        if (index < 0 || index >= Count)
            throw Rules.DataRange.Error("index", index, FormattableString.Invariant($"0 to {Count - 1}"));

        var sample = Digits.Sample(index);
        return new ImageSample(sample.Image, Name + " #" + index.ToString(CultureInfo.InvariantCulture), sample.Label);
    }

    /// <summary>As many samples of other digits.</summary>
    /// <param name="digits">The endless data set.</param>
    public DigitData WithDigits(ProceduralDigits digits) => this with { Digits = digits };

    /// <summary>Another number of samples.</summary>
    /// <param name="count">At least 1.</param>
    public DigitData WithCount(int count) => this with { Count = count };
}
