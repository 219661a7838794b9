using System.Collections.Generic;

namespace Diffusion.Runtime;

/// <summary>Figures of 3 by 5 pixels for captions: no font file, the same on every machine.</summary>
internal static class PixelFont
{
    public const int Width = 3;
    public const int Height = 5;

    // Rows from the top, three bits each, the left pixel first.
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        ['0'] = "111101101101111",
        ['1'] = "010110010010111",
        ['2'] = "111001111100111",
        ['3'] = "111001111001111",
        ['4'] = "101101111001001",
        ['5'] = "111100111001111",
        ['6'] = "111100111101111",
        ['7'] = "111001010010010",
        ['8'] = "111101111101111",
        ['9'] = "111101111001111",
        ['.'] = "000000000000010",
        ['-'] = "000000111000000",
        ['+'] = "000010111010000",
        ['='] = "000111000111000",
        ['t'] = "010111010010011",
        ['e'] = "000111111100111",
    };

    /// <summary>Whether a pixel of a character is set; characters that are not here are blank.</summary>
    public static bool IsSet(char character, int x, int y) => Glyphs.TryGetValue(character, out var glyph) && glyph[(y * Width) + x] == '1';
}
