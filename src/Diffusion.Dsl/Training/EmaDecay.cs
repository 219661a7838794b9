using System;
using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>How strongly a moving average of a model's parameters holds on: shadow ← d · shadow + (1 − d) · parameter, with d growing at first.</summary>
/// <remarks>
/// <para>
/// At the n-th update k = n − 1 − <see cref="UpdateAfterStep"/> updates count. While k ≤ 0, d = 0: the average copies. Then d = (1 + k)/(10 + k), or with
/// <see cref="Warmup"/> d = 1 − (1 + k/<see cref="InvGamma"/>)^(−<see cref="Power"/>), held between <see cref="MinDecay"/> and <see cref="Decay"/>.
/// With InvGamma 1, a Power of ⅔ reaches 0.999 after about 31,600 updates, a Power of ¾ after about 10,000.
/// </para>
/// <para>Parity target: <c>EMAModel.get_decay</c> of diffusers 0.30.3.</para>
/// </remarks>
/// <param name="Decay">The largest d, in [0, 1]; 0.9999 averages over about ten thousand updates.</param>
public sealed record EmaDecay(double Decay = 0.9999)
{
    /// <summary>The least d once updates count, in [0, 1].</summary>
    public double MinDecay { get; init; }

    /// <summary>Updates that do not count: the average copies until then, at least 0.</summary>
    public int UpdateAfterStep { get; init; }

    /// <summary>Whether d follows the power law (diffusers' <c>use_ema_warmup</c>).</summary>
    public bool Warmup { get; init; }

    /// <summary>The scale of the power law in updates, above 0.</summary>
    public double InvGamma { get; init; } = 1;

    /// <summary>The exponent of the power law, above 0.</summary>
    public double Power { get; init; } = 2.0 / 3;

    /// <summary>The same with another <see cref="Decay"/>.</summary>
    /// <param name="decay">The largest d, in [0, 1].</param>
    public EmaDecay WithDecay(double decay) => this with { Decay = decay };

    /// <summary>The same with another <see cref="MinDecay"/>.</summary>
    /// <param name="minDecay">The least d, in [0, 1].</param>
    public EmaDecay WithMinDecay(double minDecay) => this with { MinDecay = minDecay };

    /// <summary>The same with another <see cref="UpdateAfterStep"/>.</summary>
    /// <param name="updateAfterStep">Updates that copy, at least 0.</param>
    public EmaDecay WithUpdateAfterStep(int updateAfterStep) => this with { UpdateAfterStep = updateAfterStep };

    /// <summary>The same with <see cref="Warmup"/> on or off.</summary>
    /// <param name="warmup">Whether d follows the power law.</param>
    public EmaDecay WithWarmup(bool warmup = true) => this with { Warmup = warmup };

    /// <summary>The same with another <see cref="InvGamma"/>.</summary>
    /// <param name="invGamma">Above 0.</param>
    public EmaDecay WithInvGamma(double invGamma) => this with { InvGamma = invGamma };

    /// <summary>The same with another <see cref="Power"/>.</summary>
    /// <param name="power">Above 0.</param>
    public EmaDecay WithPower(double power) => this with { Power = power };

    /// <summary>d of one update.</summary>
    /// <param name="update">n; 1 is the first.</param>
    public double At(int update)
    {
        var counted = Math.Max(0, update - 1 - UpdateAfterStep);
        if (counted == 0)
        {
            return 0;
        }

        var decay = Warmup ? 1 - Math.Pow(1 + (counted / InvGamma), -Power) : (1.0 + counted) / (10 + counted);
        return Math.Max(MinDecay, Math.Min(Decay, decay));
    }

    /// <summary>What is wrong with the numbers; empty if nothing is.</summary>
    public IEnumerable<Finding> Check()
    {
        if (!(Decay >= 0 && Decay <= 1))
        {
            yield return Rules.TrainingOptionOutOfRange.Found("decay", "Ema", Decay, "0 (no average) to 1", 0.9999);
        }

        if (!(MinDecay >= 0 && MinDecay <= 1))
        {
            yield return Rules.TrainingOptionOutOfRange.Found("min_decay", "Ema", MinDecay, "0 to 1", 0);
        }

        if (UpdateAfterStep < 0)
        {
            yield return Rules.TrainingOptionOutOfRange.Found("update_after_step", "Ema", UpdateAfterStep, "0 or more", 0);
        }

        if (!(InvGamma > 0))
        {
            yield return Rules.TrainingOptionOutOfRange.Found("inv_gamma", "Ema", InvGamma, "above 0", 1);
        }

        if (!(Power > 0))
        {
            yield return Rules.TrainingOptionOutOfRange.Found("power", "Ema", Power, "above 0", "2/3");
        }
    }

    /// <summary>The canonical text: <c>Ema(0.9999, power: 0.75)</c>.</summary>
    public override string ToString() => new Signature("Ema")
        .Argument(Decay)
        .Option("min_decay", MinDecay, 0.0)
        .Option("update_after_step", UpdateAfterStep, 0)
        .Option("warmup", Warmup, false)
        .Option("inv_gamma", InvGamma, 1.0)
        .Option("power", Power, 2.0 / 3)
        .ToString();
}
