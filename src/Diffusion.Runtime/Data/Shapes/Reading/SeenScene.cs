using System;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>What is to be seen in a picture, by <see cref="SceneReader"/>.</summary>
/// <param name="Background">What stands behind the objects.</param>
/// <param name="Objects">The objects, the largest first; none where the picture shows nothing.</param>
public sealed record SeenScene(SceneBackground Background, EquatableArray<SeenObject> Objects)
{
    private const double Middle = Scene.Size / 2.0;
    private const double Near = 6.5;

    /// <summary>Where an object stands.</summary>
    /// <param name="item">The object.</param>
    public static ScenePosition Position(SeenObject item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var (across, down) = (item.X - Middle, item.Y - Middle);
        return Math.Max(Math.Abs(across), Math.Abs(down)) <= Near ? ScenePosition.Center
            : Math.Abs(across) > Math.Abs(down) ? (across < 0 ? ScenePosition.Left : ScenePosition.Right)
            : down < 0 ? ScenePosition.Top : ScenePosition.Bottom;
    }

    /// <summary>How one object stands to another.</summary>
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    public static SceneRelation Relation(SeenObject first, SeenObject second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var (across, down) = (first.X - second.X, first.Y - second.Y);
        return Math.Abs(across) > Math.Abs(down)
            ? (across < 0 ? SceneRelation.LeftOf : SceneRelation.RightOf)
            : down < 0 ? SceneRelation.Above : SceneRelation.Below;
    }
}
