using System;

namespace Diffusion.Runtime.Training;

/// <summary>What a finished training leaves.</summary>
/// <param name="Steps">Steps of the whole training.</param>
/// <param name="Loss">The mean loss of the last 50 steps.</param>
/// <param name="Elapsed">Time of this run.</param>
/// <param name="Folder">The training's folder.</param>
/// <param name="ModelFolder">The finished model as diffusers lays it out: averaged where the training averages.</param>
public sealed record TrainingResult(int Steps, double Loss, TimeSpan Elapsed, string Folder, string ModelFolder);
