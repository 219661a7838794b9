namespace Diffusion.Runtime.Data.Shapes;

/// <summary>What a caption says of one object. What is null is left open.</summary>
/// <param name="Kind">Its shape.</param>
/// <param name="Color">Its colour.</param>
/// <param name="Size">Its size.</param>
/// <param name="Texture">How it is filled; <see cref="ObjectTexture.Plain"/> is not said, and is what is meant where nothing is said.</param>
public sealed record ObjectRequest(ShapeKind Kind, SceneColor? Color = null, ObjectSize? Size = null, ObjectTexture Texture = ObjectTexture.Plain);
