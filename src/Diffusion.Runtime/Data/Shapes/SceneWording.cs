using System.Linq;
using static Diffusion.Runtime.Data.Shapes.SceneWords;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>Says in one of many wordings what a scene shows.</summary>
internal static class SceneWording
{
    private static readonly string[] Openings = ["", "", "", "", "a picture of ", "a drawing of ", "an image of ", "there is "];

    /// <summary>A caption of a request.</summary>
    public static string Write(SceneRequest request, SampleRandom random)
    {
        var opening = Pick(random, Openings);
        var objects = request.Objects.Select(item => Phrase(item, random)).ToArray();
        var ground = request.Background is { } background ? " " + Phrase(background, random) : "";
        if (objects.Length == 2)
            return opening + Related(objects, request.Relation, random) + ground;

        var place = request.Position is { } position ? " " + Phrase(position, random) : "";
        return opening + objects[0] + (random.Chance(0.5) ? place + ground : ground + place);
    }

    private static string Related(string[] objects, SceneRelation? relation, SampleRandom random)
    {
        var turned = random.Chance(0.3);
        var (one, other) = turned ? (objects[1], objects[0]) : (objects[0], objects[1]);
        var word = (relation, turned) switch
        {
            (null, _) => "and",
            (SceneRelation.Above or SceneRelation.Below, _) => Pick(random, SceneWords.OfHeight(above: relation == SceneRelation.Above != turned)),
            (SceneRelation.LeftOf, false) or (SceneRelation.RightOf, true) => Pick(random, "left of", "to the left of"),
            _ => Pick(random, "right of", "to the right of"),
        };
        return one + " " + word + " " + other;
    }

    private static string Phrase(ObjectRequest item, SampleRandom random)
    {
        var size = item.Size is { } extent ? Pick(random, SceneWords.Of(extent)) : "";
        var color = item.Color is { } known ? Pick(random, SceneWords.Of(known)) : "";
        var noun = Pick(random, SceneWords.Of(item.Kind));
        var (before, behind) = item.Texture switch
        {
            ObjectTexture.Striped => random.Chance(0.7) ? (Pick(random, SceneWords.Of(item.Texture)), "") : ("", "with stripes"),
            ObjectTexture.Dotted => random.Chance(0.7) ? (Pick(random, SceneWords.Of(item.Texture)), "") : ("", "with dots"),
            _ => ("", ""),
        };
        var words = random.Chance(0.6) ? new[] { size, before, color, noun, behind } : [size, color, before, noun, behind];
        var phrase = string.Join(" ", words.Where(word => word.Length > 0));
        return Article(phrase) + " " + phrase;
    }

    private static string Phrase(ScenePosition position, SampleRandom random) => position switch
    {
        ScenePosition.Center => Pick(random, "in the center", "in the middle", "in the centre", "at the center"),
        ScenePosition.Top or ScenePosition.Bottom => Pick(random, "at the ", "at the ", "near the ") + (position == ScenePosition.Top ? "top" : "bottom"),
        _ => Pick(random, "on the ", "on the ", "at the ") + (position == ScenePosition.Left ? "left" : "right"),
    };

    private static string Phrase(SceneBackground background, SampleRandom random)
    {
        var top = Pick(random, SceneWords.Of(background.Color));
        var article = Article(top) + " ";
        if (background.Bottom is not { } bottom)
            return Pick(random, $"on {article}{top} background", $"on {article}{top} background", $"on {top}", $"over {article}{top} backdrop", $"against {article}{top} background", $"with {article}{top} background");

        var end = Pick(random, SceneWords.Of(bottom));
        return Pick(random, $"on {article}{top} to {end} gradient", $"on a gradient from {top} to {end}", $"on a background fading from {top} to {end}");
    }
}
