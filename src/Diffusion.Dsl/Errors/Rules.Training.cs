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
}
