#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj

// The tables of docs/course/objectives.md, which are computed in a moment. From the repository's root: dotnet run examples/objectives.cs
using System;
using System.Linq;
using Diffusion.Dsl;
using static Diffusion.Dsl.Objectives;
using static Diffusion.Dsl.Weightings;

var noise = NoiseSchedule.Linear;
foreach (var objective in new[] { Epsilon, Sample, Velocity, Epsilon.WithWeighting(MinSnr(5)) })
    Console.WriteLine(objective.Explain(noise));

// What multiplies the squared error of ε, by timestep.
Weighting[] weightings = [Uniform, MinSnr(5), SoftMinSnr(4), P2(1, 1), P2(1, 0.5), Edm(0.5)];
var curve = noise.Curve();
Console.WriteLine("| t | " + string.Join(" | ", weightings.Select(weighting => weighting.ToString())) + " |");
Console.WriteLine("| --- |" + string.Concat(weightings.Select(_ => " --- |")));
foreach (var t in new[] { 0, 100, 250, 500, 750, 999 })
    Console.WriteLine($"| {t} | " + string.Join(" | ", weightings.Select(weighting => Figure(weighting.At(PredictionType.Epsilon, curve, t)))) + " |");

static string Figure(double value) => value >= 100 ? FormattableString.Invariant($"{value:F0}") : FormattableString.Invariant($"{value:G3}");
