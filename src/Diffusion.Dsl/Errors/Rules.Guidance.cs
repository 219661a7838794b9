namespace Diffusion.Dsl;

/// <content>Guiders beside Cfg: DIF0250 to DIF0255 in a definition, DIF0420 to DIF0422 when networks are loaded for them.</content>
public static partial class Rules
{
    /// <summary>DIF0250: two guiders that each put the predictions with and without the condition together.</summary>
    public static readonly Rule GuidersExclude = new(
        "DIF0250",
        "Guiders exclude each other",
        "the guiders {0} and {1} both say how the predictions with and without the condition are put together, but a step does that once; keep one of them");

    /// <summary>DIF0251: an option of a guider is outside its range.</summary>
    public static readonly Rule GuiderOptionOutOfRange = new(
        "DIF0251",
        "Guider option out of range",
        "{0} has {1} {2}, but {3}; choose {4}");

    /// <summary>DIF0252: a prediction of 0 where the network predicts no velocity.</summary>
    public static readonly Rule ZeroPredictionMeaningless = new(
        "DIF0252",
        "Prediction of 0 has no meaning",
        "{0} has zeroSteps {1}, which sets predictions to 0, but the network predicts {2}, where 0 is a picture of noise alone or of none and no direction; choose zeroSteps: 0, or a network with flow_prediction or v_prediction");

    /// <summary>DIF0253: a guider that the sampler's steps have no place for.</summary>
    public static readonly Rule GuiderNotForSampler = new(
        "DIF0253",
        "Guider does not fit the sampler",
        "the guider {0} takes the picture of a step from one prediction and its noise from another, but the steps of {1} are not of first order and deterministic; choose Ddim with eta 0, Euler, EdmEuler or FlowEuler without churn, or Cfg in place of {0}");

    /// <summary>DIF0254: a worse network of another kind.</summary>
    public static readonly Rule WorseDoesNotFit = new(
        "DIF0254",
        "Worse network does not fit",
        "the guider {0} compares with the UNet of {1}, which has {2}, but the UNet of {3} has {4}; take a worse network of the same kind, such as an earlier checkpoint of the same training");

    /// <summary>DIF0255: a gradient that is to pass networks it cannot pass.</summary>
    public static readonly Rule GradientThroughGuider = new(
        "DIF0255",
        "Gradient cannot pass another guider",
        "the gradient of {0} is to pass the network, but it passes one output or the two of Cfg, and {1} makes another combination; let the gradient of {0} stop in front of the network, or remove {1}");

    /// <summary>DIF0420: a name that no self-attention has.</summary>
    public static readonly Rule PerturbedLayerUnknown = new(
        "DIF0420",
        "No self-attention of that name",
        "the layer {0} of Pag is no self-attention of the {1}, but those are what it switches off; choose {2}");

    /// <summary>DIF0421: a worse network that cannot be loaded.</summary>
    public static readonly Rule WorseNotGiven = new(
        "DIF0421",
        "Worse network not given",
        "the worse network {0} of Autoguidance is known by facts alone, so that there are no files to load it from; give it with compiled.Load(network, worse)");

    /// <summary>DIF0422: a worse network that nothing compares with.</summary>
    public static readonly Rule WorseNotRead = new(
        "DIF0422",
        "Worse network not used",
        "a worse network was given to a pipeline with {0}, but only Autoguidance compares with one; add Autoguidance, or call Load with one network");
}
