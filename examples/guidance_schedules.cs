#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj

// How the scale of guidance by gradients changes along 50 steps: by the timestep, as it is meant, and by the number of the step, as the diffusion course reads it.
// From the repository's root:
//
//     dotnet run examples/guidance_schedules.cs      out/guidance_schedules.png
using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Plotting;

const int Steps = 50;
var noise = NoiseCurve.Of(NoiseSchedule.Linear);
var numbers = Enumerable.Range(0, Steps).ToArray();
LinePlot.Save(
    "out/guidance_schedules.png",
    Plot("by the timestep", schedule => schedule),
    Plot("by the number of the step, as in the course", schedule => schedule.AsInCourse()));
Console.WriteLine("Wrote out/guidance_schedules.png.");

LinePlot Plot(string title, Func<ScaleSchedule, ScaleSchedule> read) => new[] { ScaleSchedule.AlphaBar, ScaleSchedule.SqrtAlphaBar, ScaleSchedule.SqrtOneMinusAlphaBar }.Aggregate(
    new LinePlot(title, "step", "factor on the scale"),
    (plot, schedule) => plot.Line(read(schedule).ToString(), numbers.Select(i => (double)i), numbers.Select(i => read(schedule).Factor(noise, i, 980 - (20 * i)))));
