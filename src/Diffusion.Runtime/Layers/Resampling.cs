namespace Diffusion.Runtime.Layers;

/// <summary>How a <see cref="ResnetBlock2D"/> changes height and width, of its input and of what it adds to it alike.</summary>
public enum Resampling
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Doubles by repeating pixels.</summary>
    Up,

    /// <summary>Halves by means of 2 by 2 squares.</summary>
    Down,

    /// <summary>Doubles with the smoothing filter of StyleGAN2.</summary>
    FirUp,

    /// <summary>Halves with the smoothing filter of StyleGAN2.</summary>
    FirDown,
}
