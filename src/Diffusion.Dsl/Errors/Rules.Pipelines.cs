namespace Diffusion.Dsl;

/// <content>What pipelines are given: pictures and channels, DIF0440 to DIF0449; single files, DIF0565 to DIF0569; texts, DIF0709 to DIF0712.</content>
public static partial class Rules
{
    /// <summary>DIF0565: a single file of weights holds no tokenizer, and none lies beside it.</summary>
    public static readonly Rule TokenizerNotInFile = new(
        "DIF0565",
        "Single file without a tokenizer",
        "{0} holds weights and no tokenizer, and no vocab.json and merges.txt were found in {1}; put both files there, or say where they are with .Text(sd.Clip.WithTokenizer(folder))");
}
