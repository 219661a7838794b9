namespace Diffusion.Dsl;

public static partial class Rules
{
    /// <summary>DIF0201: the number of steps is not between 1 and the training timesteps.</summary>
    public static readonly Rule StepsOutOfRange = new("DIF0201", "Steps out of range", "steps is {0}, but the noise schedule has {1} training timesteps; choose 1 to {1}");

    /// <summary>DIF0202: η is outside [0, 1].</summary>
    public static readonly Rule EtaOutOfRange = new("DIF0202", "Eta out of range", "eta is {0}, but it scales the DDPM posterior noise; choose 0 (deterministic) to 1");

    /// <summary>DIF0203: a β is outside the open unit interval, or they are in the wrong order.</summary>
    public static readonly Rule BetasOutOfRange = new("DIF0203", "Betas out of range", "the noise schedule has {0} = {1}, but every beta is a variance in (0, 1]; choose values such as 0.0001 to 0.02");

    /// <summary>DIF0204: too few training timesteps.</summary>
    public static readonly Rule TrainTimestepsOutOfRange = new("DIF0204", "Training timesteps out of range", "the noise schedule has {0} training timesteps, but it needs at least 2; choose the number the network was trained with, usually 1000");

    /// <summary>DIF0205: a clipping limit or threshold is not usable.</summary>
    public static readonly Rule ClampOutOfRange = new("DIF0205", "Clamp out of range", "{0} is {1}, but it must be {2}; the usual value is {3}");

    /// <summary>DIF0206: the last timestep plus offset lies beyond training.</summary>
    public static readonly Rule OffsetOutOfRange = new("DIF0206", "Steps offset out of range", "steps_offset {0} moves the first of {1} timesteps to {2}, but training ended at {3}; choose an offset of at most {4} or fewer steps");

    /// <summary>DIF0207: custom timesteps are not a descending list inside the training range.</summary>
    public static readonly Rule CustomTimestepsInvalid = new("DIF0207", "Custom timesteps invalid", "the custom timesteps hold {0} at position {1}, but they must fall strictly from at most {2} to at least 0; sort them and remove repetitions");

    /// <summary>DIF0208: the sampler is given a prediction type other than the checkpoint's.</summary>
    public static readonly Rule PredictionMismatch = new("DIF0208", "Prediction type mismatch", "the pipeline says the network predicts {0}, but {1} says that it was trained to predict {2}; remove Prediction({0}) or load another checkpoint");

    /// <summary>DIF0209: ε-prediction cannot start from pure noise.</summary>
    public static readonly Rule ZeroSnrNeedsVPrediction = new("DIF0209", "Zero terminal SNR needs v-prediction", "the noise schedule ends at zero signal and the sampler visits timestep {0}, where a network that predicts {1} says nothing of the image; choose v_prediction, or spacing leading, or no zero-SNR rescaling");

    /// <summary>DIF0210: a config file uses a word that is not known.</summary>
    public static readonly Rule UnknownWord = new("DIF0210", "Unknown word in a config", "{0} is '{1}', but this library knows {2}; choose one of them");

    /// <summary>DIF0211: a checkpoint's scheduler class is not known.</summary>
    public static readonly Rule UnknownScheduler = new("DIF0211", "Unknown scheduler", "scheduler_config.json names the class '{0}', but this library knows {1}; name one of them or choose a sampler with .Scheduler(…)");

    /// <summary>DIF0212: clipping and a learned variance or threshold contradict each other, or an option needs another.</summary>
    public static readonly Rule LearnedVarianceNeedsChannels = new("DIF0212", "Learned variance needs twice the channels", "variance_type is {0}, but the UNet gives {1} channels for {2} input channels; choose fixed_small, or a UNet with {3} output channels");

    /// <summary>DIF0213: a number of a sigma schedule is not usable.</summary>
    public static readonly Rule SigmaScheduleOutOfRange = new("DIF0213", "Sigma schedule out of range", "{0} of the sigma schedule is {1}, but it must be above 0; the usual value is {2}");

    /// <summary>DIF0214: custom sigmas do not fall.</summary>
    public static readonly Rule CustomSigmasInvalid = new("DIF0214", "Custom sigmas invalid", "the custom sigmas hold {0} at position {1}, but they must fall strictly from a level above 0 to at least 0, at least two of them; sort them and remove repetitions");

    /// <summary>DIF0215: two options of a sampler exclude each other.</summary>
    public static readonly Rule OptionsExclude = new("DIF0215", "Options exclude each other", "{0} is said together with {1}, but {2}; leave one of them out");

    /// <summary>DIF0216: an option's number is outside its range.</summary>
    public static readonly Rule OptionOutOfRange = new("DIF0216", "Sampler option out of range", "{0} of {1} is {2}, but it must be {3}; the usual value is {4}");

    /// <summary>DIF0217: the first step lies beyond the last.</summary>
    public static readonly Rule StartOutOfRange = new("DIF0217", "Start out of range", "the pipeline starts at step {0}, but {1} has {2} steps; choose 0 (from noise) to {3}");

    /// <summary>DIF0218: a sampler does not know a prediction type.</summary>
    public static readonly Rule PredictionNotSupported = new("DIF0218", "Prediction type not supported", "the network predicts {0}, but {1} is defined for {2}; choose another sampler");
}
