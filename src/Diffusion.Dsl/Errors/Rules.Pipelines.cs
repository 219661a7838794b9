namespace Diffusion.Dsl;

/// <content>What pipelines are given: pictures and channels, DIF0440 to DIF0449; single files, DIF0565 to DIF0569; texts, DIF0709 to DIF0712.</content>
public static partial class Rules
{
    /// <summary>DIF0440: a UNet reads other channels behind the latents than a call gives.</summary>
    public static readonly Rule InputChannelsMismatch = new(
        "DIF0440",
        "UNet reads other channels",
        "{0} gives the UNet {1} channels ({2}), but that of {3} reads {4}; {5}");

    /// <summary>DIF0441: a depth map without depth.</summary>
    public static readonly Rule DepthMapFlat = new(
        "DIF0441",
        "Depth map without depth",
        "the depth map of picture {0} goes from {1} to {2}, so that it does not say what is near; give finite values that differ");

    /// <summary>DIF0442: more noise on a small picture than an upscaler knows.</summary>
    public static readonly Rule NoiseLevelOutOfRange = new(
        "DIF0442",
        "Noise level out of range",
        "the noise level is {0}, but the upscaler {1} knows those up to {2}; choose 0 to {2}, of which 20 is usual");

    /// <summary>DIF0443: steps that a strength would leave out cannot be put into the part that is left.</summary>
    public static readonly Rule StepsNotKept = new(
        "DIF0443",
        "Steps cannot be kept",
        "KeepSteps cannot do {0} steps at strength {1}: {2}; {3}");

    /// <summary>DIF0444: a picture's own guidance scale in a pipeline without guidance.</summary>
    public static readonly Rule ScaleWithoutGuidance = new(
        "DIF0444",
        "Guidance scale without guidance",
        "picture {0} has the guidance scale {1}, but the pipeline has {2}, so that its sampler does not compute both halves; give it guidance with another scale, such as Cfg(7.5)");

    /// <summary>DIF0565: a single file of weights holds no tokenizer, and none lies beside it.</summary>
    public static readonly Rule TokenizerNotInFile = new(
        "DIF0565",
        "Single file without a tokenizer",
        "{0} holds weights and no tokenizer, and no vocab.json and merges.txt were found in {1}; put both files there, or say where they are with .Text(sd.Clip.WithTokenizer(folder))");

    /// <summary>DIF0709: a word that is to be replaced, or to replace one, is no single token.</summary>
    public static readonly Rule NotOneToken = new(
        "DIF0709",
        "Word of several tokens",
        "the word '{0}' is {1} tokens of the text encoder, and a replacement puts one in the place of another; give a word that is a single token");

    /// <summary>DIF0710: a token that is to be replaced is not in the prompt.</summary>
    public static readonly Rule TokenAbsent = new(
        "DIF0710",
        "Token to replace is not in the prompt",
        "the prompt '{0}' does not hold the token '{1}' that is to be replaced; name one of its words, as it stands there");

    /// <summary>DIF0711: a share that is none.</summary>
    public static readonly Rule ShareOutOfRange = new(
        "DIF0711",
        "Share out of range",
        "the share of {0} is {1}, but shares go from 0, nothing of it, to 1, it alone; choose a number between");
}
