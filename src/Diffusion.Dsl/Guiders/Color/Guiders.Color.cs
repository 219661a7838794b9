namespace Diffusion.Dsl;

public static partial class Guiders
{
    /// <inheritdoc cref="ColorGuidance"/>
    /// <param name="red">In [0, 1].</param>
    /// <param name="green">In [0, 1].</param>
    /// <param name="blue">In [0, 1].</param>
    /// <param name="scale">The factor on the gradient.</param>
    public static ColorGuidance Color(double red, double green, double blue, double scale = 40) => new(red, green, blue, scale);
}
