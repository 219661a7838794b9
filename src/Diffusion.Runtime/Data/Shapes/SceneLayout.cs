using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>Draws scenes by lot.</summary>
internal static class SceneLayout
{
    private const double Middle = Scene.Size / 2.0;

    // Between an object and the edge of the picture, and between two objects.
    private const double Margin = 2;
    private const double Gap = 3;

    // How far two colours must lie apart in RGB to be seen before each other.
    private const double Contrast = 70;

    /// <summary>A scene of one object.</summary>
    public static Scene Single(SampleRandom random, SceneSplit split)
    {
        var (color, kind) = Pair(random, split == SceneSplit.HeldOut, split);
        var (size, texture) = (Pick<ObjectSize>(random), Texture(random));
        var diameter = Diameter(random, size, most: 33);
        var position = Pick<ScenePosition>(random);
        var (x, y) = Place(random, position, diameter / 2);
        var only = new SceneObject(kind, color, size, texture, x, y, diameter);
        return new Scene(Background(random, [only]), EquatableArray.Of(only), position, Relation: null);
    }

    /// <summary>A scene of two objects, which differ in colour or shape and do not touch.</summary>
    public static Scene Pair(SampleRandom random, SceneSplit split)
    {
        var first = Pair(random, split == SceneSplit.HeldOut, split);
        var second = Pair(random, rare: false, split);
        while (second == first)
            second = Pair(random, rare: false, split);

        var relation = Pick<SceneRelation>(random);
        var sizes = new[] { Pick<ObjectSize>(random), Pick<ObjectSize>(random) };
        var diameters = Array.ConvertAll(sizes, size => Diameter(random, size, most: 28));
        var isFirst = relation is SceneRelation.Above or SceneRelation.LeftOf;
        var (low, high) = isFirst ? (diameters[0], diameters[1]) : (diameters[1], diameters[0]);
        var room = Scene.Size - (2 * Margin) - Gap - low - high;
        var (before, between) = (random.Uniform(0, 0.5), random.Uniform(0.1, 0.5));
        var near = Margin + (room * before) + (low / 2);
        var far = near + (low / 2) + Gap + (room * between) + (high / 2);
        var along = isFirst ? new[] { near, far } : [far, near];
        var objects = new[] { first, second }.Select((pair, i) =>
        {
            var across = Middle + random.Uniform(-5, 5);
            var (x, y) = relation is SceneRelation.Above or SceneRelation.Below ? (across, along[i]) : (along[i], across);
            return new SceneObject(pair.Kind, pair.Color, sizes[i], Texture(random), x, y, diameters[i]);
        }).ToEquatableArray();
        return new Scene(Background(random, objects), objects, Position: null, relation);
    }

    private static (SceneColor Color, ShapeKind Kind) Pair(SampleRandom random, bool rare, SceneSplit split)
    {
        while (true)
        {
            var (color, kind) = (Pick<SceneColor>(random), Pick<ShapeKind>(random));
            if (ScenePalette.IsHeldOut(color, kind) ? rare || split != SceneSplit.Training : !rare)
                return (color, kind);
        }
    }

    private static SceneBackground Background(SampleRandom random, IEnumerable<SceneObject> before)
    {
        while (true)
        {
            var background = new SceneBackground(Pick<SceneColor>(random), random.Chance(0.15) ? Pick<SceneColor>(random) : null);
            if (background.Bottom != background.Color && before.All(item => Stands(item, background)))
                return background;
        }
    }

    private static bool Stands(SceneObject item, SceneBackground background) =>
        Stands(ScenePalette.Rgb(item.Color), background) && (item.Texture == ObjectTexture.Plain || Stands(ScenePalette.Shade(item.Color), background));

    private static bool Stands((byte Red, byte Green, byte Blue) color, SceneBackground background) =>
        new[] { 0, 0.25, 0.5, 0.75, 1 }.All(share => ScenePalette.Distance(color, background.At(share)) > Contrast);

    private static ObjectTexture Texture(SampleRandom random) =>
        random.Uniform(0, 1) switch { < 0.7 => ObjectTexture.Plain, < 0.85 => ObjectTexture.Striped, _ => ObjectTexture.Dotted };

    private static double Diameter(SampleRandom random, ObjectSize size, double most) => size == ObjectSize.Small ? random.Uniform(15, 19) : random.Uniform(25, most);

    private static (double X, double Y) Place(SampleRandom random, ScenePosition position, double radius)
    {
        var edge = random.Uniform(radius + Margin, Math.Max(radius + Margin, 20));
        var (one, other) = (Middle + random.Uniform(-4, 4), Middle + random.Uniform(-4, 4));
        return position switch
        {
            ScenePosition.Left => (edge, one),
            ScenePosition.Right => (Scene.Size - edge, one),
            ScenePosition.Top => (one, edge),
            ScenePosition.Bottom => (one, Scene.Size - edge),
            _ => (one, other),
        };
    }

    private static T Pick<T>(SampleRandom random)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        return values[(int)random.Uniform(0, values.Length)];
    }
}
