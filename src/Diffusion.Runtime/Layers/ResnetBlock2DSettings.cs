namespace Diffusion.Runtime.Layers;

/// <summary>Everything a <see cref="ResnetBlock2D"/> can be asked to be.</summary>
/// <param name="InChannels">C.</param>
/// <param name="OutChannels">C′.</param>
/// <param name="TimeEmbedDim">Length of the time embedding; null for blocks without time, as in an autoencoder.</param>
/// <param name="Groups">Groups of the first norm.</param>
/// <param name="Epsilon">ε of both norms.</param>
/// <param name="Activation">The activation's name.</param>
/// <param name="Dropout">Probability of dropping an activation in training.</param>
/// <param name="ScaleShift">Whether time scales and shifts after the second norm instead of being added before it.</param>
/// <param name="OutputScaleFactor">The residual sum is divided by this.</param>
/// <param name="GroupsOut">Groups of the second norm; null takes <paramref name="Groups"/>.</param>
/// <param name="Resample">Whether height and width change.</param>
/// <param name="ConvShortcut">Whether the input passes a 1 by 1 convolution; null where channels differ.</param>
/// <param name="HasNorms">Whether there are norms at all.</param>
public sealed record ResnetBlock2DSettings(
    long InChannels,
    long OutChannels,
    long? TimeEmbedDim,
    long Groups,
    double Epsilon,
    string Activation = "silu",
    double Dropout = 0,
    bool ScaleShift = false,
    double OutputScaleFactor = 1,
    long? GroupsOut = null,
    Resampling Resample = Resampling.None,
    bool? ConvShortcut = null,
    bool HasNorms = true);
