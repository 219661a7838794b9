using System;
using System.Linq;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>What things are called in captions. Words of one list mean the same; those that stand in it more than once are said more often.</summary>
internal static class SceneWords
{
    public static string[] Of(SceneColor color) => color switch
    {
        SceneColor.Purple => ["purple", "purple", "violet"],
        SceneColor.Gray => ["gray", "gray", "grey"],
        _ => [color.ToString().ToLowerInvariant()],
    };

    public static string[] Of(ShapeKind kind) => kind switch
    {
        ShapeKind.Circle => ["circle", "circle", "circle", "disc"],
        ShapeKind.Square => ["square", "square", "square", "box"],
        ShapeKind.Diamond => ["diamond", "diamond", "diamond", "rhombus"],
        ShapeKind.Cross => ["cross", "cross", "cross", "plus"],
        ShapeKind.Ring => ["ring", "ring", "ring", "donut"],
        _ => [kind.ToString().ToLowerInvariant()],
    };

    public static string[] Of(ObjectSize size) => size == ObjectSize.Small ? ["small", "small", "small", "little", "tiny"] : ["large", "large", "big", "big", "huge"];

    public static string[] Of(ObjectTexture texture) => texture switch
    {
        ObjectTexture.Striped => ["striped"],
        ObjectTexture.Dotted => ["dotted", "dotted", "spotted"],
        _ => throw new ArgumentOutOfRangeException(nameof(texture), texture, "Plain objects are not called so."),
    };

    /// <summary>Of one object above another, or below it.</summary>
    public static string[] OfHeight(bool above) => above ? ["above"] : ["below", "below", "under", "beneath"];

    /// <summary>The indefinite article of a word.</summary>
    public static string Article(string word) => "aeiou".Contains(word[0]) ? "an" : "a";

    /// <summary>One of some words; where there is one, nothing is drawn.</summary>
    public static string Pick(SampleRandom random, params string[] words) => words.Length == 1 ? words[0] : words[(int)random.Uniform(0, words.Length)];
}
