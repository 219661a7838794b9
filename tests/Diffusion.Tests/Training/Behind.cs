using System;
using Diffusion.Runtime.Training;

namespace Diffusion.Tests.Training;

/// <summary>Does something behind one step.</summary>
internal sealed class Behind(int step, Action what) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.Step == step)
            what();
    }
}
