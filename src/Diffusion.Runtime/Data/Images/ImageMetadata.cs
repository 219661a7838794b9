using System;
using System.Collections.Generic;
using System.IO;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>Reads <c>metadata.jsonl</c>: one JSON object a line, with <c>file_name</c> and a caption, perhaps a whole number <c>label</c>.</summary>
internal static class ImageMetadata
{
    public static IReadOnlyList<ImageEntry> Read(string folder, string file, string captionKey)
    {
        var entries = new List<ImageEntry>();
        var number = 0;
        foreach (var line in File.ReadLines(file))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                entries.Add(Entry(folder, file, number, line, captionKey));
        }

        return entries;
    }

    private static ImageEntry Entry(string folder, string file, int number, string line, string captionKey)
    {
        JsonValue json;
        try
        {
            json = JsonValue.Parse(line, file);
        }
        catch (DiffusionException e)
        {
            throw new DiffusionException(Rules.MetadataInvalid.Found(number, file, "is not JSON"), e);
        }

        if (json.Kind != JsonKind.Object || json.Find("file_name") is not { Kind: JsonKind.String } name || name.AsString().Length == 0)
            throw Wrong("has no file_name");

        var path = Path.GetFullPath(Path.Combine(folder, name.AsString()));
        if (!path.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw Wrong("names the file " + name.AsString() + " outside of the folder");

        var caption = json.Find(captionKey) switch
        {
            null or { IsNull: true } => null,
            { Kind: JsonKind.String } text => text.AsString(),
            _ => throw Wrong("has a '" + captionKey + "' that is no text"),
        };
        int? label = json.Find("label") switch
        {
            null or { IsNull: true } => null,
            { IsInteger: true } value when value.AsLong() is >= 0 and <= int.MaxValue => (int)value.AsLong(),
            _ => throw Wrong("has a label that is no whole number of at least 0"),
        };
        return new ImageEntry(path, label, caption);

        DiffusionException Wrong(string what) => Rules.MetadataInvalid.Error(number, file, what);
    }
}
