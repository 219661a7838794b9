using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>What a caption says of a scene. What is null is left open.</summary>
/// <param name="Objects">One or two.</param>
/// <param name="Background">What stands behind them.</param>
/// <param name="Position">Where a single object stands.</param>
/// <param name="Relation">How the first of two objects stands to the second.</param>
public sealed record SceneRequest(EquatableArray<ObjectRequest> Objects, SceneBackground? Background = null, ScenePosition? Position = null, SceneRelation? Relation = null)
{
    /// <summary>Everything there is to say of a scene.</summary>
    /// <param name="scene">The scene.</param>
    public static SceneRequest Of(Scene scene) => new(
        scene.Objects.Select(item => new ObjectRequest(item.Kind, item.Color, item.Size, item.Texture)).ToEquatableArray(),
        scene.Background,
        scene.Position,
        scene.Relation);

    /// <summary>Some of it: colours nearly always, textures always, the rest often.</summary>
    internal SceneRequest Shortened(SampleRandom random) => new(
        Objects.Select(item => item with
        {
            Color = random.Chance(0.95) ? item.Color : null,
            Size = random.Chance(0.55) ? item.Size : null,
        }).ToEquatableArray(),
        random.Chance(0.8) ? Background : null,
        random.Chance(0.6) ? Position : null,
        random.Chance(0.85) ? Relation : null);
}
