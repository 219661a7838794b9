using System;
using System.Globalization;
using Diffusion.Runtime.Training;
using Diffusion.Tests.Training;

namespace Diffusion.Tests;

/// <summary>What tests start as a process of its own: a training that they kill. <c>dotnet Diffusion.Tests.dll train FOLDER STEPS</c>.</summary>
internal static class Program
{
    public static int Main(string[] args)
    {
        if (args is not ["train", var folder, var steps])
            return 2;

        using var trainer = Dsl.TrainingRuns.Start(Tiny.Endless(int.Parse(steps, CultureInfo.InvariantCulture)), new TrainerOptions(folder).WithResume().WithSaveEvery(1));
        trainer.Run(new Each(progress =>
        {
            Console.WriteLine(progress.Step);
            Console.Out.Flush();
        }));
        return 0;
    }
}
