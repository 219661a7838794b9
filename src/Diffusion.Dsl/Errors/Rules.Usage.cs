namespace Diffusion.Dsl;

public static partial class Rules
{
    /// <summary>DIF0101: no network to sample with.</summary>
    public static readonly Rule UnetMissing = new("DIF0101", "UNet missing", "the pipeline has no UNet, but sampling needs one; start with Pipeline.From(unet) or add .Unet(unet)");

    /// <summary>DIF0102: a stage stands twice in one chain.</summary>
    public static readonly Rule DuplicateStage = new("DIF0102", "Stage given twice", "the stage {0} stands twice in one chain, but only the last one counts; remove one of them");

    /// <summary>DIF0103: the chain cannot be read at build time.</summary>
    public static readonly Rule CompiledAtRunTime = new("DIF0103", "Compiled at run time", "this pipeline is compiled at run time, because {0}; make it a constant, or leave it: the result is the same", RuleSeverity.Info);

    /// <summary>DIF0104: a prompt for a pipeline without text, or none for one with.</summary>
    public static readonly Rule PromptMismatch = new("DIF0104", "Prompt does not fit the pipeline", "Generate was given {0}, but the pipeline has {1}; {2}");

    /// <summary>DIF0105: a count below 1.</summary>
    public static readonly Rule CountOutOfRange = new("DIF0105", "Count out of range", "{0} is {1}, but it must be at least 1; choose 1 or more");

    /// <summary>DIF0106: a disposed run is used.</summary>
    public static readonly Rule RunDisposed = new("DIF0106", "Run already disposed", "the run of {0} was disposed, but it is asked to {1}; load the pipeline again with Load()");

    /// <summary>DIF0107: a pipeline that starts later than at noise is given no pictures.</summary>
    public static readonly Rule StartNeedsPictures = new("DIF0107", "Pictures to start from missing", "the pipeline starts at step {0}, where x is a noisy picture, but Generate was given none; call GenerateFrom(pictures) or remove StartAt");

    /// <summary>DIF0108: a strength that leaves no step, or is more than everything.</summary>
    public static readonly Rule StrengthOutOfRange = new("DIF0108", "Strength out of range", "strength is {0}, but of {1} steps it must leave at least one; choose {2} to 1");

    /// <summary>DIF0120: slices or tiles of an autoencoder that is not there.</summary>
    public static readonly Rule VaeMemoryHasNoEffect = new("DIF0120", "No autoencoder to slice or tile", "{0} is asked for, but the pipeline has no autoencoder; start with Pipeline.From(vae) or remove it", RuleSeverity.Warning);
}
