using System;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Device = Diffusion.Dsl.Device;

namespace Diffusion.Runtime.Training;

/// <summary>Where a training runs and what it writes on the way; none of it changes what is learnt.</summary>
/// <param name="Folder">Where <c>checkpoint.safetensors</c>, <c>metrics.jsonl</c>, <c>loss.png</c>, <c>samples/</c> and at the end <c>model/</c> are written.</param>
public sealed record TrainerOptions(string Folder)
{
    /// <summary>Whether to go on from the folder's checkpoint; where there is none, the training starts.</summary>
    public bool Resume { get; init; }

    /// <summary>Steps between checkpoints, at least 1.</summary>
    public int SaveEvery { get; init; } = 500;

    /// <summary>Steps between grids of generated pictures; 0: none.</summary>
    public int SampleEvery { get; init; }

    /// <summary>Pictures of a grid, at least 1.</summary>
    public int SampleCount { get; init; } = 16;

    /// <summary>The sampler of the grids.</summary>
    public Scheduler SampleScheduler { get; init; } = Schedulers.Ddim(50);

    /// <summary>Where the network is.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>What becomes of pictures that cannot be read.</summary>
    public BrokenImages Broken { get; init; } = BrokenImages.Fail;

    /// <summary>How many batches are read ahead at a time, at least 1.</summary>
    public int LoaderWorkers { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>The file that holds the run.</summary>
    internal string CheckpointPath => System.IO.Path.Combine(Folder, "checkpoint.safetensors");

    /// <summary>The same in another folder.</summary>
    /// <param name="folder">Where everything is written.</param>
    public TrainerOptions WithFolder(string folder) => this with { Folder = folder };

    /// <summary>The same, going on from the folder's checkpoint or not.</summary>
    /// <param name="resume">Whether to go on.</param>
    public TrainerOptions WithResume(bool resume = true) => this with { Resume = resume };

    /// <summary>The same with another distance of checkpoints.</summary>
    /// <param name="saveEvery">Steps, at least 1.</param>
    public TrainerOptions WithSaveEvery(int saveEvery) => this with { SaveEvery = saveEvery };

    /// <summary>The same with another distance of picture grids.</summary>
    /// <param name="sampleEvery">Steps; 0: none.</param>
    public TrainerOptions WithSampleEvery(int sampleEvery) => this with { SampleEvery = sampleEvery };

    /// <summary>The same with other grids.</summary>
    /// <param name="sampleCount">Pictures, at least 1.</param>
    public TrainerOptions WithSampleCount(int sampleCount) => this with { SampleCount = sampleCount };

    /// <summary>The same with another sampler of the grids.</summary>
    /// <param name="sampleScheduler">Such as <c>Ddim(50)</c>.</param>
    public TrainerOptions WithSampleScheduler(Scheduler sampleScheduler) => this with { SampleScheduler = sampleScheduler };

    /// <summary>The same on another device.</summary>
    /// <param name="device">Where the network is.</param>
    public TrainerOptions WithDevice(Device device) => this with { Device = device };

    /// <summary>The same with another way to treat broken pictures.</summary>
    /// <param name="broken">Fatal, left out, or named.</param>
    public TrainerOptions WithBroken(BrokenImages broken) => this with { Broken = broken };

    /// <summary>The same with another number of loading workers; batches stay the same.</summary>
    /// <param name="loaderWorkers">At least 1.</param>
    public TrainerOptions WithLoaderWorkers(int loaderWorkers) => this with { LoaderWorkers = loaderWorkers };
}
