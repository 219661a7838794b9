using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>
/// Reads what a picture shows, by counting pixels and no learning: the background from the edges, objects as connected regions that differ from it, their
/// colours by distance, their shapes by intersection over union with models of all shapes.
/// </summary>
public static class SceneReader
{
    // How far from the background a pixel must lie to belong to an object, and how many such pixels make one.
    private const double Difference = 35;
    private const int FewestPixels = 24;

    /// <summary>Reads a picture.</summary>
    /// <param name="picture">64 x 64 RGB.</param>
    /// <exception cref="DiffusionException">DIF0410: a picture of another size or gray.</exception>
    public static SeenScene Read(Image picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Width != Scene.Size || picture.Height != Scene.Size || picture.Channels != 3)
            throw Rules.InputShape.Error("the picture", picture, nameof(SceneReader), "64 x 64 RGB", "read pictures of the shapes model");

        var ground = SeenBackground.Of(picture);
        var differs = new bool[Scene.Size * Scene.Size];
        for (var i = 0; i < differs.Length; i++)
            differs[i] = PixelColor.At(picture, i % Scene.Size, i / Scene.Size).DistanceTo(ground.Row(i / Scene.Size)) > Difference;

        var objects = Regions(differs)
            .Where(region => region.Count >= FewestPixels)
            .OrderByDescending(region => region.Count)
            .Select(region => ObjectReader.Read(picture, ground, region))
            .OfType<SeenObject>();
        return new SeenScene(ground.Named(), objects.ToEquatableArray());
    }

    // Pixels that touch, corners included, as numbers y * 64 + x.
    private static IEnumerable<IReadOnlyList<int>> Regions(bool[] differs)
    {
        for (var start = 0; start < differs.Length; start++)
        {
            if (!differs[start])
                continue;

            var (region, next) = (new List<int> { start }, 0);
            differs[start] = false;
            while (next < region.Count)
            {
                var (x, y) = (region[next] % Scene.Size, region[next] / Scene.Size);
                next++;
                for (var other = 0; other < 9; other++)
                {
                    var (nearX, nearY) = (x + (other % 3) - 1, y + (other / 3) - 1);
                    if (nearX is < 0 or >= Scene.Size || nearY is < 0 or >= Scene.Size || !differs[(nearY * Scene.Size) + nearX])
                        continue;

                    differs[(nearY * Scene.Size) + nearX] = false;
                    region.Add((nearY * Scene.Size) + nearX);
                }
            }

            yield return region;
        }
    }
}
