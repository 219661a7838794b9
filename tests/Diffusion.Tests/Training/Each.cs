using System;
using Diffusion.Runtime.Training;

namespace Diffusion.Tests.Training;

/// <summary>Does something behind every step.</summary>
internal sealed class Each(Action<TrainingProgress> what) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => what(value);
}
