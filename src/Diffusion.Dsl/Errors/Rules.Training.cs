namespace Diffusion.Dsl;

/// <content>Group 02, definitions of trainings: DIF0220 to DIF0239.</content>
public static partial class Rules
{
    /// <summary>DIF0220: a number of a training definition is outside its range.</summary>
    public static readonly Rule TrainingOptionOutOfRange = new("DIF0220", "Training option out of range", "{0} of {1} is {2}, but it must be {3}; the usual value is {4}");

    /// <summary>DIF0221: the warm-up takes the whole training.</summary>
    public static readonly Rule WarmupTooLong = new("DIF0221", "Warm-up longer than the training", "the warm-up of {0} takes {1} steps, but the whole training has {2}; choose a shorter warm-up or more steps");

    /// <summary>DIF0222: the pieces of a learning rate contradict each other.</summary>
    public static readonly Rule RatePiecesInvalid = new("DIF0222", "Pieces of the learning rate invalid", "the pieces of the learning rate are '{0}', but {1}; write factor:step with rising steps, then the last factor, such as 1:1000,0.1:2000,0.01");

    /// <summary>DIF0223: a weighting has no finite weight somewhere.</summary>
    public static readonly Rule WeightNotFinite = new("DIF0223", "Weight is not finite", "the weighting {0} has no finite weight at timestep {1}, where the signal's power is {2} and the network predicts {3}; choose another weighting, v_prediction, or a noise schedule that ends with some signal");

    /// <summary>DIF0224: a network cannot give what it should learn.</summary>
    public static readonly Rule OutputRange = new("DIF0224", "Range of the network too small", "the network {0} gives nothing below {1}, but it is to learn {2}, whose values {3}; train it on clean samples in [0, 1], or end it without an activation", RuleSeverity.Warning);

    /// <summary>DIF0225: a training lacks its data or its length.</summary>
    public static readonly Rule TrainingPartMissing = new("DIF0225", "Part of the training missing", "the training has no {0}, but cannot run without; add {1}");

    /// <summary>DIF0226: a label is none of the network's classes.</summary>
    public static readonly Rule TrainingLabel = new("DIF0226", "Label out of range", "{0} has the label {1}, but the network knows {2} classes, 0 to {3}; give the network more classes, or the data fewer");

    /// <summary>DIF0227: labels are dropped for a network that has no place for «no label».</summary>
    public static readonly Rule LabelDropoutNeedsNullClass = new("DIF0227", "Label dropout without a null class", "DropLabels is {0}, but {1} has no class for «no label»; give the network a null class, or keep all labels");

    /// <summary>DIF0228: pictures do not fit the network.</summary>
    public static readonly Rule TrainingShape = new("DIF0228", "Pictures do not fit the network", "the pictures of {0} are [{1}], but the network takes [{2}]; resize them or change their channels, or configure the network for them");

    /// <summary>DIF0229: the loss is no number any more.</summary>
    public static readonly Rule LossNotFinite = new("DIF0229", "Loss is not finite", "the loss of step {0} is {1} at the learning rate {2}; {3}; lower the learning rate or clip the gradients, then resume");

    /// <summary>DIF0230: the folder of a training holds another one.</summary>
    public static readonly Rule AnotherTraining = new("DIF0230", "Checkpoint of another training", "{0} holds the checkpoint of another training, {1}, but this one is {2}; choose another folder, or define the same training");

    /// <summary>DIF0231: a fresh training would overwrite an older one.</summary>
    public static readonly Rule TrainingExists = new("DIF0231", "Folder holds a training", "{0} already holds a training of {1} steps, but this one would start anew; resume it, or choose another folder");

    /// <summary>DIF0232: the hardware does not have a number format.</summary>
    public static readonly Rule PrecisionNotOnHardware = new("DIF0232", "Number format not in the hardware", "the precision is {0}, but {1}; train in float32, or on hardware that has it");

    /// <summary>DIF0233: a network is to learn from labels that are not there.</summary>
    public static readonly Rule LabelsMissing = new("DIF0233", "Labels missing", "the network takes one of {0} classes with every picture, but {1} has none; give data with labels, or a network without classes");

    /// <summary>DIF0236: a network is to learn from captions, and there are none.</summary>
    public static readonly Rule CaptionsMissing = new("DIF0236", "Captions missing", "the network looks at text, but no picture of a batch of {0} has a caption; give data with captions, or a network without text");

    /// <summary>DIF0234: a training is started without what its network needs.</summary>
    public static readonly Rule TaskMissing = new("DIF0234", "Training cannot be started alone", "the network {0} is the program's own, but the training was started without it; give its task to Start(task, options)");

    /// <summary>DIF0235: data cannot be read by the trainer.</summary>
    public static readonly Rule DataNotReadable = new("DIF0235", "Data without pictures", "the data {0} are a {1}, but the trainer reads IImageData; implement that interface, or use a folder, IDX or CIFAR files");
}
