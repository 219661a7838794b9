namespace Diffusion.Dsl;

/// <summary>Which function of the noise level multiplies the scale of a guidance by gradients.</summary>
public enum ScaleCurve
{
    /// <summary>1 at every step.</summary>
    Constant,

    /// <summary>ᾱ_t: strong only near the clean end.</summary>
    AlphaBar,

    /// <summary>√ᾱ_t: the share of the picture in x_t.</summary>
    SqrtAlphaBar,

    /// <summary>√(1 − ᾱ_t): the share of the noise in x_t, strong at the noisy end.</summary>
    SqrtOneMinusAlphaBar,

    /// <summary>Linear between given values.</summary>
    Points,
}
