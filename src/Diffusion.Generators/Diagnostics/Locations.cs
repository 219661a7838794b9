using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Diffusion.Generators.Diagnostics;

/// <summary>The part of an expression that a person would underline.</summary>
internal static class Locations
{
    /// <summary>A stage without what stands before it (<c>Scheduler(Ddim(40))</c> of a whole chain); any other expression as it is.</summary>
    public static Location Of(IOperation operation) => Of(operation.Syntax);

    /// <inheritdoc cref="Of(IOperation)"/>
    public static Location Of(SyntaxNode node) => node is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access }
        ? Location.Create(node.SyntaxTree, TextSpan.FromBounds(access.Name.SpanStart, node.Span.End))
        : node.GetLocation();
}
