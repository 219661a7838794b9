using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>Euler's method on a rectified flow: Esser et al. (2024), arXiv:2403.03206.</summary>
/// <remarks>
/// <para>x = (1 − σ) x_0 + σ ε; the network predicts m = ε − x_0, of which x̂_0 = x − σ m; its timestep is T σ, which is not whole.</para>
/// <para>x ← x + (σ′ − σ) m</para>
/// <para>Eq. (23): the levels are shifted, σ ← s σ/(1 + (s − 1) σ). As in diffusers the two ends have been shifted once before.</para>
/// <para>
/// Dynamic shifting takes s = e^μ, with μ a linear function of the length of the image's token sequence, base_shift at base_image_seq_len and
/// max_shift at max_image_seq_len (as the pipelines of diffusers for Flux compute it): <see cref="Mu"/>, or <see cref="ImageSequenceLength"/>.
/// </para>
/// <para>Parity target: diffusers <c>FlowMatchEulerDiscreteScheduler</c>, whose step takes s_churn and its siblings but reads none of them.</para>
/// </remarks>
public sealed record FlowEulerScheduler : FlowScheduler<FlowEulerScheduler>
{
    private static readonly SchedulerOption<FlowEulerScheduler>[] OptionList =
    [
        ShiftOption(),
        SchedulerOption<FlowEulerScheduler>.Flag("useDynamicShifting", "use_dynamic_shifting", sampler => sampler.UseDynamicShifting, (sampler, dynamic) => sampler.WithUseDynamicShifting(dynamic), false),
        SchedulerOption<FlowEulerScheduler>.Number("baseShift", "base_shift", sampler => sampler.BaseShift, (sampler, shift) => sampler.WithBaseShift(shift), 0.5),
        SchedulerOption<FlowEulerScheduler>.Number("maxShift", "max_shift", sampler => sampler.MaxShift, (sampler, shift) => sampler.WithMaxShift(shift), 1.15),
        SchedulerOption<FlowEulerScheduler>.Integer("baseImageSequenceLength", "base_image_seq_len", sampler => sampler.BaseImageSequenceLength, (sampler, length) => sampler.WithBaseImageSequenceLength(length), 256),
        SchedulerOption<FlowEulerScheduler>.Integer("maxImageSequenceLength", "max_image_seq_len", sampler => sampler.MaxImageSequenceLength, (sampler, length) => sampler.WithMaxImageSequenceLength(length), 4096),
        SchedulerOption<FlowEulerScheduler>.OpenArgument<double>("mu", sampler => sampler.Mu, (sampler, value) => sampler.WithMu(value)),
        SchedulerOption<FlowEulerScheduler>.OpenArgument<int>("imageSequenceLength", sampler => sampler.ImageSequenceLength, (sampler, value) => sampler.WithImageSequenceLength(value)),
        SchedulerOption<FlowEulerScheduler>.Argument("customSigmas", sampler => sampler.CustomSigmas, (sampler, value) => sampler.WithCustomSigmas([.. value]), default(EquatableArray<double>)),
    ];

    /// <summary>Whether the shift is e^μ instead of <see cref="FlowScheduler{TSelf}.Shift"/>; null: as the checkpoint says, else not.</summary>
    public bool? UseDynamicShifting { get; init; }

    /// <summary>μ at <see cref="BaseImageSequenceLength"/>; null: as the checkpoint says, else 0.5.</summary>
    public double? BaseShift { get; init; }

    /// <summary>μ at <see cref="MaxImageSequenceLength"/>; null: as the checkpoint says, else 1.15.</summary>
    public double? MaxShift { get; init; }

    /// <summary>The length of a small image's token sequence; null: as the checkpoint says, else 256.</summary>
    public int? BaseImageSequenceLength { get; init; }

    /// <summary>The length of a large image's token sequence; null: as the checkpoint says, else 4096.</summary>
    public int? MaxImageSequenceLength { get; init; }

    /// <summary>μ of dynamic shifting; null: computed from <see cref="ImageSequenceLength"/>.</summary>
    public double? Mu { get; init; }

    /// <summary>The length of the image's token sequence, for dynamic shifting; null: <see cref="Mu"/> is given.</summary>
    public int? ImageSequenceLength { get; init; }

    /// <summary>Noise levels given one by one, before they are shifted and without the 0 at the end; empty: evenly spaced.</summary>
    public EquatableArray<double> CustomSigmas { get; init; }

    /// <summary>The same sampler with another <see cref="UseDynamicShifting"/>.</summary>
    /// <param name="useDynamicShifting">Whether the shift is e^μ; null: as the checkpoint says.</param>
    public FlowEulerScheduler WithUseDynamicShifting(bool? useDynamicShifting) => this with { UseDynamicShifting = useDynamicShifting };

    /// <summary>The same sampler with another <see cref="BaseShift"/>.</summary>
    /// <param name="baseShift">μ at the base length; null: as the checkpoint says.</param>
    public FlowEulerScheduler WithBaseShift(double? baseShift) => this with { BaseShift = baseShift };

    /// <summary>The same sampler with another <see cref="MaxShift"/>.</summary>
    /// <param name="maxShift">μ at the largest length; null: as the checkpoint says.</param>
    public FlowEulerScheduler WithMaxShift(double? maxShift) => this with { MaxShift = maxShift };

    /// <summary>The same sampler with another <see cref="BaseImageSequenceLength"/>.</summary>
    /// <param name="baseImageSequenceLength">At least 1; null: as the checkpoint says.</param>
    public FlowEulerScheduler WithBaseImageSequenceLength(int? baseImageSequenceLength) => this with { BaseImageSequenceLength = baseImageSequenceLength };

    /// <summary>The same sampler with another <see cref="MaxImageSequenceLength"/>.</summary>
    /// <param name="maxImageSequenceLength">Above the base length; null: as the checkpoint says.</param>
    public FlowEulerScheduler WithMaxImageSequenceLength(int? maxImageSequenceLength) => this with { MaxImageSequenceLength = maxImageSequenceLength };

    /// <summary>The same sampler with another <see cref="Mu"/>.</summary>
    /// <param name="mu">μ; null: computed from the image's length.</param>
    public FlowEulerScheduler WithMu(double? mu) => this with { Mu = mu };

    /// <summary>The same sampler with another <see cref="ImageSequenceLength"/>.</summary>
    /// <param name="imageSequenceLength">At least 1; null: μ is given.</param>
    public FlowEulerScheduler WithImageSequenceLength(int? imageSequenceLength) => this with { ImageSequenceLength = imageSequenceLength };

    /// <summary>The same sampler at the given noise levels, before they are shifted.</summary>
    /// <param name="sigmas">n levels, falling strictly from at most 1 and above 0; where the last step ends, 0, is not among them; none: evenly spaced.</param>
    public FlowEulerScheduler WithCustomSigmas(params double[] sigmas) =>
        this with { CustomSigmas = sigmas.ToEquatableArray(), Steps = sigmas.Length == 0 ? Steps : sigmas.Length };

    /// <inheritdoc/>
    public override string Name => "FlowEuler";

    /// <inheritdoc/>
    public override string DiffusersClass => "FlowMatchEulerDiscreteScheduler";

    /// <inheritdoc/>
    public override int Order => 1;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SchedulerOption<FlowEulerScheduler>> Options => OptionList;

    /// <inheritdoc/>
    private protected override object? FirstArgument => CustomSigmas.IsEmpty ? Steps : null;

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> CheckOptions()
    {
        var findings = SpacedChecks.AtLeast("base_image_seq_len", Name, BaseImageSequenceLength, 1, 256)
            .Concat(SpacedChecks.AtLeast("max_image_seq_len", Name, MaxImageSequenceLength, (BaseImageSequenceLength ?? 256) + 1, 4096))
            .Concat(SpacedChecks.AtLeast("the image's sequence length", Name, ImageSequenceLength, 1, 4096))
            .Concat(CustomSigmas.IsEmpty ? [] : SpacedChecks.Falling(CustomSigmas.Append(0).ToEquatableArray()))
            .Concat(CustomSigmas.IsEmpty ? [] : SpacedChecks.InRange("the first of the sigmas", Name, CustomSigmas[0], 0, 1, 1));
        return UseDynamicShifting == true && Mu is null == ImageSequenceLength is null
            ? findings.Append(Mu is null
                ? Rules.OptionOutOfRange.Found("mu", Name, "not given", "a number where useDynamicShifting is on, or computed from imageSequenceLength", 1.15)
                : Rules.OptionsExclude.Found("mu", "imageSequenceLength", "mu is computed from it"))
            : findings;
    }

    /// <inheritdoc/>
    private protected override StepTable Derive(Derivation derivation)
    {
        var isDynamic = UseDynamicShifting ?? false;
        var sigmas = CustomSigmas.IsEmpty ? Even(derivation.Noise, !isDynamic) : CustomSigmas;
        var ladder = Ladder(sigmas.Select(sigma => isDynamic ? DynamicallyShifted(sigma) : Shifted(sigma)), derivation.Noise);
        return derivation.Table(ladder.Count, i =>
        {
            var (sigma, next) = (ladder.Sigmas[i], ladder.Sigmas[i + 1]);
            return Step.Of(
                ladder.Timesteps[i],
                i + 1 < ladder.Count ? ladder.Timesteps[i + 1] : -1,
                Level(next),
                [
                    EvaluateOp.Single(ladder.Timesteps[i], Level(sigma)),
                    .. derivation.CleanSample(Level(sigma)),
                    AffineOp.Of(Register.X, new Term(Register.X, 1), new Term(Register.M, next - sigma)),
                ]);
        });
    }

    /// <summary>e^μ/(e^μ + 1/σ − 1), which is the shift by e^μ.</summary>
    private double DynamicallyShifted(double sigma)
    {
        var (start, end) = (BaseImageSequenceLength ?? 256, MaxImageSequenceLength ?? 4096);
        var slope = ((MaxShift ?? 1.15) - (BaseShift ?? 0.5)) / (end - start);
        var shift = Math.Exp(Mu ?? ((BaseShift ?? 0.5) + (((ImageSequenceLength ?? start) - start) * slope)));
        return shift / (shift + (1 / sigma) - 1);
    }
}
