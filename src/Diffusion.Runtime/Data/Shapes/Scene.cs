using Diffusion.Dsl;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>A scene of one or two objects: everything that its picture shows.</summary>
/// <param name="Background">What stands behind the objects.</param>
/// <param name="Objects">One or two.</param>
/// <param name="Position">Where a single object stands; null for two.</param>
/// <param name="Relation">How the first of two objects stands to the second; null for one.</param>
public sealed record Scene(SceneBackground Background, EquatableArray<SceneObject> Objects, ScenePosition? Position, SceneRelation? Relation)
{
    /// <summary>Pixels along each side of a picture.</summary>
    public const int Size = 64;

    /// <summary>The picture, <c>64 x 64</c> RGB, with smooth edges.</summary>
    public Image Draw() => SceneDrawing.Draw(this);
}
