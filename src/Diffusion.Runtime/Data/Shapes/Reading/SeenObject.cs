namespace Diffusion.Runtime.Data.Shapes;

/// <summary>An object that was found in a picture.</summary>
/// <param name="Kind">The shape that it is most like.</param>
/// <param name="Color">The colour that it is most like, texture included.</param>
/// <param name="Size">Small or large.</param>
/// <param name="X">Its middle, in pixels from the left.</param>
/// <param name="Y">Its middle, in pixels from the top.</param>
/// <param name="Diameter">The longer side of the box around it, in pixels.</param>
/// <param name="Likeness">How much of it and of its shape's model are one, 0 to 1: intersection over union.</param>
public sealed record SeenObject(ShapeKind Kind, SceneColor Color, ObjectSize Size, double X, double Y, double Diameter, double Likeness);
