using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;
using static System.Math;

namespace Diffusion.Dsl;

/// <summary>The rows of <see cref="PndmScheduler"/>, from the timesteps that the network is told in order.</summary>
/// <param name="derivation">What the table is derived from.</param>
/// <param name="timesteps">t_0 > t_1 > …</param>
/// <param name="strides">δ of each.</param>
/// <param name="endsAtOne">Whether ᾱ is 1 below timestep 0; otherwise it is ᾱ_0.</param>
internal sealed class PndmTable(Derivation derivation, IReadOnlyList<int> timesteps, IReadOnlyList<int> strides, bool endsAtOne)
{
    /// <summary>How many steps the Runge-Kutta warm-up needs.</summary>
    public const int FewestSteps = 4;

    private const int WarmUp = 3;
    private const int Stages = 4;

    /// <summary>Two evaluations in the first row, one in the others.</summary>
    public IEnumerable<Step> Plms()
    {
        // t_1 is told twice: at the end of the first row, and at the start of the second.
        var told = Enumerable.Range(0, timesteps.Count).SelectMany(i => Enumerable.Repeat(At(i), i == 1 ? 2 : 1));
        var rest = told.Skip(derivation.Start == 0 ? 0 : derivation.Start + 1).ToArray();
        yield return First(rest);
        for (var i = 2; i < rest.Length; i++)
        {
            yield return Multistep(rest[i], i);
        }
    }

    /// <summary>Four evaluations in each of the first three rows, one in the others.</summary>
    public IEnumerable<Step> RungeKutta()
    {
        var warmUp = Enumerable.Range(0, WarmUp).SelectMany(i => new[] { At(i), Middle(i), Middle(i), At(i + 1) });
        var first = (Stages * Min(derivation.Start, WarmUp)) + Max(0, derivation.Start - WarmUp);
        var rest = warmUp.Concat(Enumerable.Range(WarmUp, timesteps.Count - WarmUp).Select(At)).Skip(first).ToArray();
        for (var i = 0; i < WarmUp && i * Stages < rest.Length; i++)
        {
            yield return RungeKutta(timesteps[i], rest.Skip(i * Stages).Take(Stages).ToArray());
        }

        for (var i = WarmUp * Stages; i < rest.Length; i++)
        {
            yield return Multistep(rest[i], Stages);
        }
    }

    private Place At(int i) => new(timesteps[i], strides[i]);

    private Place Middle(int i) => new(timesteps[i + 1] + (strides[i] / 2), strides[i]);

    private Step First(Place[] places)
    {
        var (start, stride) = places[0];
        var target = start - stride;
        StepOp[] predicted =
        [
            .. Evaluate(start, Level(start), 1),
            .. Remember(),
            AffineOp.Of(Register.Y, new Term(Register.X, 1)),
            Transfer(start, target, Register.Y, (Register.M, 1)),
        ];
        if (places.Length == 1)
        {
            return Step.Of(start, target, Level(target), predicted);
        }

        // The second evaluation says where the step ends, and a stride before that where it is taken to have begun.
        var end = places[1].Timestep;
        return Step.Of(
            start,
            end,
            Level(end),
            [
                .. predicted,
                .. Evaluate(end, Level(target), 2),
                Transfer(end + stride, end, Register.Y, (Register.M, 0.5), (Register.M.At(2), 0.5)),
            ]);
    }

    private Step RungeKutta(int anchor, Place[] places)
    {
        var (ops, target) = (new List<StepOp>(), places[0].Timestep);
        for (var stage = 1; stage <= places.Length; stage++)
        {
            var (told, stride) = places[stage - 1];
            ops.AddRange(Evaluate(told, Level(target), stage));
            if (stage == 1)
            {
                ops.AddRange(Remember());
                ops.Add(AffineOp.Of(Register.Y, new Term(Register.X, 1)));
            }

            target = stage % 2 == 1 ? told - (stride / 2) : told;
            ops.Add(stage < Stages
                ? Transfer(anchor, target, Register.Y, (Register.M.At(stage), 1))
                : Transfer(anchor, target, Register.Y, (Register.M, 1 / 6.0), (Register.M.At(2), 1 / 3.0), (Register.M.At(3), 1 / 3.0), (Register.M.At(4), 1 / 6.0)));
        }

        return Step.Of(places[0].Timestep, target, Level(target), [.. ops]);
    }

    private Step Multistep(Place place, int known)
    {
        var (start, stride) = place;
        var outputs = AdamsBashforth.Weights(Min(Stages, known)).Select((weight, age) => (Register.History(age + 1), weight)).ToArray();
        return Step.Of(start, start - stride, Level(start - stride), [.. Evaluate(start, Level(start), 1), .. Remember(), Transfer(start, start - stride, Register.X, outputs)]);
    }

    private IEnumerable<StepOp> Evaluate(int timestep, NoiseLevel level, int stage) =>
        derivation.CleanSample(level, stage: stage).Prepend(EvaluateOp.Single(timestep, level, stage: stage));

    private static StepOp[] Remember() => [new ShiftOp(Stages), AffineOp.Of(Register.History(1), new Term(Register.M, 1))];

    /// <summary>φ of Eq. (11): x ← √ᾱ_{t′} x̂_0 + √(1 − ᾱ_{t′}) ε̂ from the x that <paramref name="start"/> holds and a combination of outputs.</summary>
    private AffineOp Transfer(int from, int to, Register start, params (Register Output, double Weight)[] outputs)
    {
        var (basis, level) = (derivation.Basis(Level(from)), Level(to));
        var factor = (level.Alpha * basis.Q) + (level.Sigma * basis.S);
        return AffineOp.Of(
            Register.X,
            [new Term(start, (level.Alpha * basis.P) + (level.Sigma * basis.R)), .. outputs.Select(output => new Term(output.Output, factor * output.Weight))]);
    }

    private NoiseLevel Level(int timestep) => NoiseLevel.OfAlphaBar(timestep >= 0 ? derivation.Curve.AlphaBar(timestep) : endsAtOne ? 1 : derivation.Curve.AlphaBar(0));

    /// <summary>Where an evaluation is, and how far its step goes.</summary>
    private sealed record Place(int Timestep, int Stride);
}
