using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>
/// Makes captions untrue by one word: another colour, shape, size, place or relation, or the colours or shapes of two objects in each other's place. A
/// contrastive model that is shown such captions must read all words and their order (Yuksekgonul et al. 2022, arXiv:2210.01936, section 5).
/// </summary>
public static class CaptionDistortion
{
    private const int Tries = 16;

    // Which of the groups have a line for each colour and for each shape, in their order.
    private const int ColorGroup = 0, KindGroup = 1;

    // Words of one line mean the same; words of one group can stand for each other.
    private static readonly string[][][] Groups =
    [
        Lines(ScenePalette.Colors.Select(SceneWords.Of)),
        Lines(ScenePalette.Kinds.Select(SceneWords.Of)),
        Lines([SceneWords.Of(ObjectSize.Small), SceneWords.Of(ObjectSize.Large)]),
        Lines([SceneWords.OfHeight(above: true), SceneWords.OfHeight(above: false)]),
        [["left"], ["right"]],
        [["top"], ["bottom"]],
        Lines([SceneWords.Of(ObjectTexture.Striped), SceneWords.Of(ObjectTexture.Dotted)]),
        [["stripes"], ["dots"]],
    ];

    private static readonly Dictionary<string, (int Group, int Line)> Known = Groups
        .SelectMany((group, i) => group.SelectMany((line, j) => line.Select(word => (word, Place: (i, j)))))
        .ToDictionary(entry => entry.word, entry => entry.Place);

    /// <summary>A caption that says something else; the caption itself where it has no word that could be another.</summary>
    /// <param name="caption">A caption of the data set.</param>
    /// <param name="seed">Which of the many: seeds in a row make other kinds of things false, one after the other.</param>
    public static string Distort(string caption, long seed)
    {
        ArgumentNullException.ThrowIfNull(caption);
        return Distort(caption, seed, turn: 0);
    }

    /// <summary>
    /// The same for training: a caption that names no pair of colour and shape which is held out. Where such a pair is always false, a model learns that it does not exist.
    /// </summary>
    /// <param name="caption">A caption of the data set.</param>
    /// <param name="seed">Which of the many.</param>
    /// <returns>The caption itself where none of a few tries is without.</returns>
    public static string DistortInTraining(string caption, long seed)
    {
        ArgumentNullException.ThrowIfNull(caption);
        return Enumerable.Range(0, Tries).Select(turn => Distort(caption, seed, turn)).FirstOrDefault(text => !NamesHeldOut(text), caption);
    }

    private static string Distort(string caption, long seed, int turn)
    {
        var random = new SampleRandom(seed, caption.Length + (1000L * turn));
        var words = caption.Split(' ');
        var places = Enumerable.Range(0, words.Length).Where(i => Known.ContainsKey(words[i])).ToArray();
        if (places.Length == 0)
            return caption;

        // First what kind of thing is false: colours are the most words, and the easiest to see.
        var groups = places.Select(i => Known[words[i]].Group).Distinct().ToArray();
        var group = groups[(int)((ulong)seed % (ulong)groups.Length)];
        var candidates = places.Where(i => Known[words[i]].Group == group).ToArray();
        var at = candidates[(int)random.Uniform(0, candidates.Length)];
        var line = Known[words[at]].Line;
        var swaps = candidates.Where(i => Known[words[i]].Line != line).ToArray();
        if (swaps.Length > 0 && random.Chance(0.5))
        {
            var other = swaps[(int)random.Uniform(0, swaps.Length)];
            (words[at], words[other]) = (words[other], words[at]);
        }
        else
        {
            var others = Groups[group].Where((_, i) => i != line).ToArray();
            var meaning = others[(int)random.Uniform(0, others.Length)];
            words[at] = meaning[(int)random.Uniform(0, meaning.Length)];
        }

        return string.Join(' ', words.Select((word, i) => word is "a" or "an" && i + 1 < words.Length ? SceneWords.Article(words[i + 1]) : word));
    }

    // A noun's colour is the last one named before it.
    private static bool NamesHeldOut(string caption)
    {
        SceneColor? color = null;
        foreach (var (group, line) in caption.Split(' ').Where(Known.ContainsKey).Select(word => Known[word]))
        {
            if (group == KindGroup && color is { } named && ScenePalette.IsHeldOut(named, ScenePalette.Kinds[line]))
                return true;

            color = group switch { ColorGroup => ScenePalette.Colors[line], KindGroup => null, _ => color };
        }

        return false;
    }

    private static string[][] Lines(IEnumerable<string[]> lines) => [.. lines.Select(words => words.Distinct().ToArray())];
}
