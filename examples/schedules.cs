#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj

// Draws noise schedules and samplers. From the repository's root: dotnet run examples/schedules.cs
using System;
using Diffusion.Dsl;
using static Diffusion.Dsl.Schedulers;

var folder = args.Length > 0 ? args[0] : "out";

NoiseSchedule.Linear.Plot(folder + "/schedule.png");
NoiseSchedule.Linear.WriteCsv(folder + "/schedule.csv");

NoiseSchedule.Linear.Plot(
    folder + "/schedules.png",
    NoiseSchedule.StableDiffusion,
    NoiseSchedule.Cosine,
    NoiseSchedule.Linear.WithBetaStart(0.001).WithBetaEnd(0.004)); // too little noise: 29 % of the signal are left at the end

Ddim(20).Plot(
    folder + "/samplers.png",
    Euler(20),
    Euler(20).WithSigmas(SigmaSchedule.Karras()),
    Euler(20).WithSigmas(SigmaSchedule.Exponential),
    DpmSolver(20));

Console.WriteLine("Wrote schedule.png, schedule.csv, schedules.png and samplers.png to " + folder + ".");
