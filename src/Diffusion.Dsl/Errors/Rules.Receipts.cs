namespace Diffusion.Dsl;

/// <content>Receipts in pictures: DIF0459 to DIF0469.</content>
public static partial class Rules
{
    /// <summary>DIF0459: a file that should hold a receipt is no PNG file.</summary>
    public static readonly Rule ReceiptNotPng = new("DIF0459", "Not a PNG file",
        "the file '{0}' is not a PNG file ({1}), and no other format holds receipts; give the PNG as it was saved, not a copy in another format");

    /// <summary>DIF0460: a PNG file without a receipt.</summary>
    public static readonly Rule ReceiptMissing = new("DIF0460", "No receipt in the file",
        "the file '{0}' holds no receipt, but {1}; give a PNG that this library saved and that no other program wrote again, or write the pipeline down by hand");

    /// <summary>DIF0461: the bytes of a receipt are damaged.</summary>
    public static readonly Rule ReceiptDamaged = new("DIF0461", "Receipt is damaged",
        "the receipt in '{0}' is damaged: {1}; take an undamaged copy of the file");

    /// <summary>DIF0462: the text of a receipt is not what receipts say.</summary>
    public static readonly Rule ReceiptNotUnderstood = new("DIF0462", "Receipt says something else",
        "the receipt in '{0}' was changed by hand or by another program: {1}; take the file as it was saved");

    /// <summary>DIF0463: a receipt in a format of the future.</summary>
    public static readonly Rule ReceiptTooNew = new("DIF0463", "Receipt of a later version",
        "the receipt has the format {0}, but this version reads formats 1 to {1}; update Diffusion.Dsl");

    /// <summary>DIF0464: a receipt names a sampler, a guider or an option that is not known.</summary>
    public static readonly Rule ReceiptUnknownName = new("DIF0464", "Receipt names something unknown",
        "the receipt names the {0} '{1}', but this version knows {2}; read it with the version that wrote it, or with a later one");

    /// <summary>DIF0465: a picture was made from another, which is not given.</summary>
    public static readonly Rule ReceiptNeedsPicture = new("DIF0465", "Picture that the receipt names is missing",
        "the picture of seed {0} was made from {1}, which the receipt names but does not hold; call Reproduce(receipt, pictures, mask) with it");

    /// <summary>DIF0466: a picture was made from another than the one given.</summary>
    public static readonly Rule ReceiptOtherPicture = new("DIF0466", "Another picture than the receipt names",
        "the picture of seed {0} was made from {1}, but given was {2}; give the very pixels that were used, in a format without loss");

    /// <summary>DIF0467: the weights are not those of the receipt.</summary>
    public static readonly Rule ReceiptOtherWeights = new("DIF0467", "Other weights than the receipt names",
        "the receipt names {0} with the SHA-256 {1}, but loaded was {2}; load the weights that were used, or generate with the receipt's prompt and seed to see what these make of it");

    /// <summary>DIF0468: the pipeline is not that of the receipt.</summary>
    public static readonly Rule ReceiptOtherPipeline = new("DIF0468", "Another pipeline than the receipt's",
        "the receipt is of {0}, but loaded was {1}; load receipt.Pipeline.Compile(), with the checkpoint's config files as they were");

    /// <summary>DIF0469: the same pixels are not certain.</summary>
    public static readonly Rule ReceiptOtherMachine = new("DIF0469", "Receipt of another machine or version",
        "the receipt was written with {0}, but this is {1}; the pixels may differ by rounding, so use the former where they must not", RuleSeverity.Info);

    /// <summary>DIF0449: a loss of the program's own cannot be read back.</summary>
    public static readonly Rule ReceiptLoss = new("DIF0449", "Receipt with a loss of the program",
        "the receipt's pipeline was guided by the loss '{0}', a function of the program that made it, which no file can hold; rebuild the pipeline in code with that function");
}
