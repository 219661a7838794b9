namespace Diffusion.Dsl;

public static partial class Rules
{
    /// <summary>DIF0401: a block type that the model does not have.</summary>
    public static readonly Rule UnknownBlockType = new(
        "DIF0401",
        "Unknown block type",
        "{0} is \"{1}\", which {2} does not have; choose one of {3}");

    /// <summary>DIF0402: lists of a configuration that must have the same length differ.</summary>
    public static readonly Rule ListLengthsDiffer = new(
        "DIF0402",
        "Lists of unequal length",
        "{0} has {1} entries and {2} has {3}; a model has one of each per level, so give both the same number, at least 1");

    /// <summary>DIF0403: a group norm cannot split its channels.</summary>
    public static readonly Rule GroupsDoNotDivide = new(
        "DIF0403",
        "Groups do not divide channels",
        "{0} is {1}, and {2} is {3}; a group norm needs a whole number of channels in each group, so choose a divisor of {3}");

    /// <summary>DIF0404: a word of a configuration that is none of the allowed ones.</summary>
    public static readonly Rule UnknownChoice = new(
        "DIF0404",
        "Unknown choice",
        "{0} is \"{1}\"; choose one of {2}");

    /// <summary>DIF0405: a number of a configuration is out of range.</summary>
    public static readonly Rule ConfigOutOfRange = new(
        "DIF0405",
        "Configuration value out of range",
        "{0} is {1}; choose {2}");

    /// <summary>DIF0406: a member of a configuration file has another kind than it should.</summary>
    public static readonly Rule ConfigKindMismatch = new(
        "DIF0406",
        "Configuration value of another kind",
        "{0} of {1} is {2}; it takes {3}, so write that or leave the key out for its default");

    /// <summary>DIF0407: one setting needs another.</summary>
    public static readonly Rule ConfigNeeds = new(
        "DIF0407",
        "A setting needs another one",
        "{0} is {1}, and {2} is {3}; {4}");

    /// <summary>DIF0408: the configuration is another model's.</summary>
    public static readonly Rule OtherModelClass = new(
        "DIF0408",
        "Another model's configuration",
        "_class_name is \"{0}\", and {1} is needed here; give the config.json of a {1}");

    /// <summary>DIF0410: a tensor has a shape that the model cannot take.</summary>
    public static readonly Rule InputShape = new(
        "DIF0410",
        "Tensor of the wrong shape",
        "{0} has the shape {1}; {2} takes {3}, so {4}");

    /// <summary>DIF0411: class labels are missing, or given to a model without classes.</summary>
    public static readonly Rule ClassLabels = new(
        "DIF0411",
        "Class labels",
        "class labels are {0}, and this model {1}; {2}");

    /// <summary>DIF0412: an index into an embedding table is outside of it.</summary>
    public static readonly Rule IndexOutOfTable = new(
        "DIF0412",
        "Index outside the table",
        "{0} holds {1}, and this model has {2}; choose 0 to {3}");

    /// <summary>DIF0470: a slice of attention has more heads than an attention of the network.</summary>
    public static readonly Rule SliceTooLarge = new(
        "DIF0470",
        "Slice larger than an attention",
        "slices of {0} heads are asked for, but an attention of {1} has {2}; choose 1 to {2}, Slicing.Auto or Slicing.Max");
}
