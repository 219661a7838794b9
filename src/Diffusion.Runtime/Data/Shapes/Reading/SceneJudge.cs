using System;
using System.Linq;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>Compares pictures with what their captions ask for.</summary>
public static class SceneJudge
{
    /// <summary>The verdict on a picture.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="picture">64 x 64 RGB.</param>
    /// <exception cref="Dsl.DiffusionException">DIF0410: a picture of another size or gray.</exception>
    public static SceneVerdict Judge(SceneRequest request, Image picture) => Judge(request, SceneReader.Read(picture));

    /// <summary>The verdict on what was seen. Two objects may be found in either order: that which makes more right counts.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="seen">What was seen.</param>
    public static SceneVerdict Judge(SceneRequest request, SeenScene seen)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(seen);
        var background = request.Background is null || request.Background == seen.Background;
        if (seen.Objects.Count != request.Objects.Count)
            return new SceneVerdict(Count: false, Shape: false, Color: false, Size: false, Place: false, background);

        SeenObject[][] orders = seen.Objects.Count == 2 ? [[seen.Objects[0], seen.Objects[1]], [seen.Objects[1], seen.Objects[0]]] : [[.. seen.Objects]];
        return orders.Select(order => Judge(request, order, background)).MaxBy(Rights)!;
    }

    private static SceneVerdict Judge(SceneRequest request, SeenObject[] objects, bool background)
    {
        var pairs = request.Objects.Zip(objects).ToArray();
        return new SceneVerdict(
            Count: true,
            Shape: pairs.All(pair => pair.First.Kind == pair.Second.Kind),
            Color: pairs.All(pair => pair.First.Color is not { } color || color == pair.Second.Color),
            Size: pairs.All(pair => pair.First.Size is not { } size || size == pair.Second.Size),
            Place: objects.Length == 2
                ? request.Relation is not { } relation || relation == SeenScene.Relation(objects[0], objects[1])
                : request.Position is not { } position || position == SeenScene.Position(objects[0]),
            background);
    }

    private static int Rights(SceneVerdict verdict) => new[] { verdict.Shape, verdict.Color, verdict.Size, verdict.Place }.Count(right => right);
}
