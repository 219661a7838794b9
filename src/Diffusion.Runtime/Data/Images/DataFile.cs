using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Files;

namespace Diffusion.Runtime.Data;

/// <summary>Reads whole data files, packed with gzip or not: the content decides, not the name.</summary>
internal static class DataFile
{
    public static byte[] Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiffusionException(Rules.DataFileMissing.Found(path, e.Message.TrimEnd('.')), e);
        }

        try
        {
            return Gzip.Unpacked(bytes);
        }
        catch (InvalidDataException e)
        {
            throw new DiffusionException(Rules.DataFileDamaged.Found(path, "gzip", e.Message.TrimEnd('.')), e);
        }
    }

    /// <summary>The first of some names that exists in a folder, plain or with <c>.gz</c>.</summary>
    public static string Find(string folder, params string[] names)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return names.SelectMany(name => new[] { name, name + ".gz" }).Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw Rules.DataFileMissing.Error(Path.Combine(folder, names[0]), "neither it nor " + names[0] + ".gz exists");
    }
}
