namespace Diffusion.Dsl;

public static partial class Rules
{
    /// <summary>DIF0301: classifier-free guidance without a text encoder.</summary>
    public static readonly Rule CfgNeedsText = new("DIF0301", "Cfg needs a Text stage", "the guider {0}({1}) compares predictions with and without a text, but the pipeline has no Text stage; add .Text(encoder) or remove {0}");

    /// <summary>DIF0302: a scale that is NaN or infinite.</summary>
    public static readonly Rule GuidanceScaleNotFinite = new("DIF0302", "Guidance scale not finite", "the scale of {0} is {1}, but it multiplies every step; choose a finite number");

    /// <summary>DIF0303: the same guider twice.</summary>
    public static readonly Rule GuiderTwice = new("DIF0303", "Guider given twice", "the guider {0} stands {1} times in the pipeline, but its effect is defined for one; keep one of them");

    /// <summary>DIF0304: an interval outside the steps or empty.</summary>
    public static readonly Rule UnknownInterval = new("DIF0304", "Unknown guidance interval", "the guidance interval is {0} to {1}, but it must satisfy 0 <= start < stop <= 1 as fractions of the steps; choose for example Interval(0.2, 0.8)");

    /// <summary>DIF0305: a negative prompt that nothing reads.</summary>
    public static readonly Rule NegativeHasNoEffect = new("DIF0305", "Negative prompt has no effect", "the negative prompt \"{0}\" is never used, because {1}; add Cfg with a scale above 1 or remove Negative", RuleSeverity.Warning);

    /// <summary>DIF0306: the rescaling factor is outside [0, 1].</summary>
    public static readonly Rule RescaleOutOfRange = new("DIF0306", "Guidance rescale out of range", "the rescale of Cfg is {0}, but it mixes the plain and the rescaled prediction; choose 0 (off) to 1");

    /// <summary>DIF0307: a guider's model is not in the pipeline.</summary>
    public static readonly Rule GuiderModelAbsent = new("DIF0307", "Guider needs a model", "the guider {0} needs a {1}, but the pipeline has none; add .{2}, or remove {0}");

    /// <summary>DIF0308: no crops.</summary>
    public static readonly Rule CutsOutOfRange = new("DIF0308", "Cuts out of range", "cuts is {0}, but CLIP must see at least one crop; choose 1 or more, 4 is usual");

    /// <summary>DIF0311: crops that cannot be.</summary>
    public static readonly Rule CutoutsOutOfRange = new("DIF0311", "Crops out of range", "the crops are {0}, but they cover 0 < smallest <= largest <= 1 of a picture and turn by 0 to 180 degrees; choose for example Cutouts.Close");

    /// <summary>DIF0312: guidance by gradients meets what has none.</summary>
    public static readonly Rule SteeringImpossible = new("DIF0312", "Guidance by gradients impossible", "the guider {0} {1}; {2}");

    /// <summary>DIF0309: a colour channel outside [0, 1].</summary>
    public static readonly Rule ColorOutOfRange = new("DIF0309", "Color out of range", "a channel of Color is {0}, but channels go from 0 to 1; divide 8-bit values by 255");

    /// <summary>DIF0310: classifier-free guidance with a network of classes that was never trained without a label.</summary>
    public static readonly Rule CfgNeedsNullClass = new("DIF0310", "Cfg needs a null class", "the guider {0}({1}) compares predictions with and without a label, but the UNet of {2} knows {3} classes and no null class; train it with one, or remove {0}");
}
