using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Diffusion.Generators.Diagnostics;

/// <summary>The part of an expression that a person would underline.</summary>
internal static class Locations
{
    /// <summary>A stage without what stands before it (<c>Scheduler(Ddim(40))</c> of a whole chain); any other expression as it is.</summary>
    public static Location Of(IOperation operation) => operation is IInvocationOperation call
        && (call.Instance is not null || call.TargetMethod.IsExtensionMethod)
        && call.Syntax is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access }
        ? Location.Create(call.Syntax.SyntaxTree, TextSpan.FromBounds(access.Name.SpanStart, call.Syntax.Span.End))
        : operation.Syntax.GetLocation();
}
