namespace Diffusion.Runtime.Data.Shapes;

/// <summary>What stands behind the objects: one colour, or a gradient from the top to the bottom.</summary>
/// <param name="Color">The colour, or that of the top.</param>
/// <param name="Bottom">The colour of the bottom; null: no gradient.</param>
public sealed record SceneBackground(SceneColor Color, SceneColor? Bottom = null);
