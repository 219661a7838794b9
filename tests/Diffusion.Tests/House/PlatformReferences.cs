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

    /// <summary>The platform and, of this repository, only the given assemblies.</summary>
    public static IEnumerable<MetadataReference> With(params string[] own) => All.Where(reference =>
        Path.GetFileNameWithoutExtension(reference.FilePath)! is var name && (own.Contains(name) || !name.StartsWith("Diffusion.", StringComparison.Ordinal)));
}
