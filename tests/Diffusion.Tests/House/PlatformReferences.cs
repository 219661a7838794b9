using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Diffusion.Tests.House;

/// <summary>The assemblies this process runs on, as references for a compilation.</summary>
internal static class PlatformReferences
{
    private static readonly Lazy<IReadOnlyList<PortableExecutableReference>> Loaded = new(() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path))
            .ToArray());

    public static IReadOnlyList<PortableExecutableReference> All => Loaded.Value;

    /// <summary>All but the given assembly and those built on it.</summary>
    public static IEnumerable<MetadataReference> Except(string assembly) => All.Where(reference =>
        Path.GetFileNameWithoutExtension(reference.FilePath) is var name && name != assembly && (name == "Diffusion.Dsl" || !name!.StartsWith("Diffusion.", StringComparison.Ordinal)));
}
