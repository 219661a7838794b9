namespace Diffusion.Runtime.Data.Shapes;

/// <summary>What stands behind the objects: one colour, or a gradient from the top to the bottom.</summary>
/// <param name="Color">The colour, or that of the top.</param>
/// <param name="Bottom">The colour of the bottom; null: no gradient.</param>
public sealed record SceneBackground(SceneColor Color, SceneColor? Bottom = null)
{
    /// <summary>The colour at some height, in sRGB, 0 to 255.</summary>
    /// <param name="share">0 is the top, 1 the bottom.</param>
    internal (double Red, double Green, double Blue) At(double share)
    {
        var (top, bottom) = (ScenePalette.Rgb(Color), ScenePalette.Rgb(Bottom ?? Color));
        return (Mix(top.Red, bottom.Red), Mix(top.Green, bottom.Green), Mix(top.Blue, bottom.Blue));

        double Mix(byte one, byte other) => one + ((other - one) * share);
    }
}
