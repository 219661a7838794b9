namespace Diffusion.Dsl;

/// <content>Group 05, data sets: DIF0520 to DIF0539.</content>
public static partial class Rules
{
    /// <summary>DIF0520: a data file or folder cannot be opened.</summary>
    public static readonly Rule DataFileMissing = new("DIF0520", "Data cannot be opened", "the data {0} cannot be opened: {1}; check the path and the permissions, and download the data set if it is not there");

    /// <summary>DIF0521: a data file contradicts itself or is cut off.</summary>
    public static readonly Rule DataFileDamaged = new("DIF0521", "Damaged data file", "{0} is not a valid {1} file: {2}; download it again, or give the file of another format to its own reader");

    /// <summary>DIF0522: there are not as many labels as pictures.</summary>
    public static readonly Rule LabelsDiffer = new("DIF0522", "Labels do not fit the pictures", "{0} has {1} labels, but {2} has {3} pictures; give two files of the same part, training or test");

    /// <summary>DIF0523: a data set is empty.</summary>
    public static readonly Rule NoData = new("DIF0523", "Empty data set", "{0} holds {1}, but a training needs at least one batch; give a folder with pictures, directly or in subfolders, or a smaller batch");

    /// <summary>DIF0524: a line of metadata.jsonl is not usable.</summary>
    public static readonly Rule MetadataInvalid = new("DIF0524", "Metadata line not usable", "line {0} of {1} {2}; each line is one JSON object such as {{\"file_name\": \"0001.png\", \"text\": \"a red flower\"}}");

    /// <summary>DIF0525: a crop does not lie within the picture.</summary>
    public static readonly Rule CropTooLarge = new("DIF0525", "Crop larger than the picture", "the picture is {0}, but the crop is {1}; resize first, or choose a smaller crop");
}
