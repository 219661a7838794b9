using System;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;

namespace Diffusion.Generators.Reading;

/// <summary>A member of the Dsl refused its arguments: the same exception as at run time, and where it would be thrown.</summary>
internal sealed class FaultException(SyntaxNode node, DiffusionException fault) : Exception(fault.Message, fault)
{
    public SyntaxNode Node { get; } = node;

    public EquatableArray<Finding> Findings { get; } = fault.Findings;
}
