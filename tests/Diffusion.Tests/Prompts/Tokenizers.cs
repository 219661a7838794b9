using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Runtime.Text;

namespace Diffusion.Tests.Prompts;

/// <summary>Tokenizers that tests share.</summary>
internal static class Tokenizers
{
    private static readonly Lazy<ClipTokenizer> LazyClip = new(() => ClipTokenizer.Load(Golden("tokenizer/clip_vit_l14")));

    private static readonly Lazy<ClipTokenizer> LazyTiny = new(() => ClipTokenizer.Load(TinyFolder));

    /// <summary>The vocabulary of CLIP ViT-L/14, packed, without settings.</summary>
    public static ClipTokenizer Clip => LazyClip.Value;

    /// <summary>A vocabulary of 814 tokens with its settings.</summary>
    public static ClipTokenizer Tiny => LazyTiny.Value;

    public static string TinyFolder => Golden("pipelines/sd_tiny/tokenizer");

    /// <summary>All bytes, inside and at the end of a word, then these tokens, start and end.</summary>
    public static Dictionary<string, int> Bytes(params string[] further) => Enumerable.Range(0, 256).Select(value => ByteAlphabet.Letter((byte)value).ToString())
        .SelectMany(letter => new[] { letter, letter + "</w>" })
        .Concat(further)
        .Concat(["<|startoftext|>", "<|endoftext|>"])
        .Select((token, id) => (token, id))
        .ToDictionary(pair => pair.token, pair => pair.id);

    private static string Golden(string path) => Repository.PathOf("tests/Diffusion.Tests/Golden/" + path);
}
