namespace Diffusion.Runtime.Data.Shapes;

/// <summary>An object of a scene.</summary>
/// <param name="Kind">Its shape.</param>
/// <param name="Color">Its colour.</param>
/// <param name="Size">How large it is said to be.</param>
/// <param name="Texture">How it is filled.</param>
/// <param name="X">Its middle, in pixels from the left.</param>
/// <param name="Y">Its middle, in pixels from the top.</param>
/// <param name="Diameter">Its width and height, in pixels.</param>
public sealed record SceneObject(ShapeKind Kind, SceneColor Color, ObjectSize Size, ObjectTexture Texture, double X, double Y, double Diameter);
