using System;
using Microsoft.CodeAnalysis;

namespace Diffusion.Generators.Reading;

/// <summary>An expression has no value at build time: where, why, and for which argument it was needed.</summary>
internal sealed class NotFoldedException(SyntaxNode node, string reason) : Exception(reason)
{
    public SyntaxNode Node { get; } = node;

    /// <summary>The innermost argument that needed the value: <c>'steps' of Ddim</c>.</summary>
    public string? Argument { get; set; }

    /// <summary>A clause for the sentence of DIF0103.</summary>
    public string Because => Argument is null ? Message : Argument + " is not known at build time (" + Message + ")";
}
