using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using static System.FormattableString;

namespace Diffusion.Runtime.Text;

/// <summary>
/// The letters that stand for bytes in a byte-level vocabulary: a printable character of Latin 1 stands for its own code, the other bytes have the characters from
/// U+0100 on, in order.
/// </summary>
/// <remarks>As in GPT-2's vocabulary, whose alphabet CLIP took.</remarks>
internal static class ByteAlphabet
{
    /// <summary>What ends a token that ends a word.</summary>
    public const string WordEnd = "</w>";

    private static readonly char[] Letters = Make();

    private static readonly Dictionary<char, byte> Bytes = Letters.Select((letter, value) => (letter, value)).ToDictionary(pair => pair.letter, pair => (byte)pair.value);

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The letter of a byte.</summary>
    public static char Letter(byte value) => Letters[value];

    /// <summary>The bytes of a token without its end of a word. A character that stands for no byte, as a special token may have it, is written as it is.</summary>
    public static byte[] BytesOf(string token)
    {
        var bytes = new List<byte>();
        foreach (var rune in (token.EndsWith(WordEnd, StringComparison.Ordinal) ? token[..^WordEnd.Length] : token).EnumerateRunes())
        {
            if (rune.IsBmp && Bytes.TryGetValue((char)rune.Value, out var value))
                bytes.Add(value);
            else
                bytes.AddRange(Encoding.UTF8.GetBytes(rune.ToString()));
        }

        return [.. bytes];
    }

    /// <summary>The text that bytes are, or each byte as <c>\xF0</c> where they are a part of a character.</summary>
    public static string Printable(byte[] bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return string.Concat(bytes.Select(value => Invariant($"\\x{value:X2}")));
        }
    }

    private static char[] Make()
    {
        var next = '\u0100';
        return Enumerable.Range(0, 256).Select(value => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : next++).ToArray();
    }
}
