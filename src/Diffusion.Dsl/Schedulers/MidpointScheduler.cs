using System;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>A sampler whose steps run the network twice: at the start, and in the middle of the step, whose slope then leads all the way.</summary>
/// <typeparam name="TSelf">The sampler itself.</typeparam>
/// <remarks>
/// Parity target: what diffusers' KDPM2DiscreteScheduler and KDPM2AncestralDiscreteScheduler share; both round the timesteps of a spread such as Karras's, but
/// not those of the middles.
/// </remarks>
public abstract record MidpointScheduler<TSelf> : SigmaScheduler<TSelf>
    where TSelf : MidpointScheduler<TSelf>
{
    private protected MidpointScheduler()
    {
    }

    /// <inheritdoc/>
    public sealed override int Order => 2;

    /// <inheritdoc/>
    public sealed override int EvaluationsPerStep => 2;

    /// <inheritdoc/>
    /// <remarks>The timestep of a middle stands for the level where its step ends.</remarks>
    public sealed override NoiseLevel LevelAt(NoiseSchedule noise, double timestep)
    {
        var middles = Derive(noise, PredictionType.VPrediction).Steps
            .Where(step => step.Ops.OfType<EvaluateOp>().Any(evaluation => evaluation.Stage == 2 && Math.Abs(evaluation.Timestep - timestep) < 1e-3));
        return middles.FirstOrDefault()?.Level ?? base.LevelAt(noise, timestep);
    }

    /// <summary>The middle of a step from a level to the next, where its deterministic part ends, and the deviation of its noise (null: none is drawn).</summary>
    private protected abstract (double Middle, double End, double? Noise) Parts(double sigma, double next);

    /// <inheritdoc/>
    private protected sealed override StepTable Derive(Derivation derivation)
    {
        var ladder = SigmaLadder.Discrete(derivation.Model, Grid(derivation.Noise, FinalSigma.Zero));
        if (CustomSigmas.IsEmpty && Sigmas is not null and not ModelSigmas)
        {
            ladder = ladder with { Timesteps = ladder.Timesteps.Select(t => Math.Round(t)).ToEquatableArray() };
        }

        return derivation.Table(ladder.Count, i => Row(i, ladder, derivation), InitialNoiseSigma(ladder));
    }

    private Step Row(int i, SigmaLadder ladder, Derivation derivation)
    {
        var (sigma, next) = (ladder.Sigmas[i], ladder.Sigmas[i + 1]);
        var (middle, end, noise) = Parts(sigma, next);
        var x = new Term(Register.X, 1);
        StepOp[] first =
        [
            Derivation.Evaluate(ladder.Timesteps[i], sigma),
            .. derivation.CleanSample(NoiseLevel.Exploding(sigma)),
            derivation.Slope(sigma),
        ];

        // In log σ there is no middle on the way to the clean sample: the first slope leads there.
        StepOp[] ops = next == 0
            ? [.. first, Noisy(AffineOp.Of(Register.X, x, new Term(Register.Slope(1), -sigma)), noise)]
            :
            [
                .. first,
                AffineOp.Of(Register.Y, x),
                Noisy(AffineOp.Of(Register.X, x, new Term(Register.Slope(1), middle - sigma)), noise * 0),
                Derivation.Evaluate(derivation.Model.TimestepOf(middle), middle, stage: 2),
                .. derivation.CleanSample(NoiseLevel.Exploding(middle), stage: 2),
                derivation.Slope(middle, stage: 2),
                Noisy(AffineOp.Of(Register.X, new Term(Register.Y, 1), new Term(Register.Slope(2), end - sigma)), noise),
            ];
        return Step.Of(ladder.Timesteps[i], ladder.TimestepAfter(i), NoiseLevel.Exploding(next), ops);
    }

    private static AffineOp Noisy(AffineOp update, double? noise) => noise is { } deviation ? update.WithNoise(deviation) : update;
}
