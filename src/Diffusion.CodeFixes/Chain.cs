using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diffusion.CodeFixes;

/// <summary>Moves about in a fluent chain.</summary>
internal static class Chain
{
    /// <summary>The stage that a diagnostic marks (its name and arguments), or null.</summary>
    public static InvocationExpressionSyntax? Stage(SyntaxNode root, Diagnostic diagnostic) => root.FindToken(diagnostic.Location.SourceSpan.Start).Parent?
        .AncestorsAndSelf()
        .OfType<InvocationExpressionSyntax>()
        .FirstOrDefault(call => call.Expression is MemberAccessExpressionSyntax access && access.Name.SpanStart == diagnostic.Location.SourceSpan.Start && call.Span.End == diagnostic.Location.SourceSpan.End);

    /// <summary>The calls of the chain that <paramref name="node"/> stands in, from the last one to the first.</summary>
    public static IEnumerable<InvocationExpressionSyntax> Around(SyntaxNode node)
    {
        var last = node.AncestorsAndSelf().OfType<InvocationExpressionSyntax>().LastOrDefault(call => call.Expression is MemberAccessExpressionSyntax && !IsBeyondStatement(node, call));
        while (last is not null)
        {
            yield return last;
            last = (last.Expression as MemberAccessExpressionSyntax)?.Expression as InvocationExpressionSyntax;
        }
    }

    /// <summary>What stands before a stage, with the line break that followed the stage.</summary>
    public static ExpressionSyntax Before(InvocationExpressionSyntax stage) =>
        ((MemberAccessExpressionSyntax)stage.Expression).Expression.WithTrailingTrivia(stage.GetTrailingTrivia());

    private static bool IsBeyondStatement(SyntaxNode node, InvocationExpressionSyntax call) =>
        node.AncestorsAndSelf().TakeWhile(ancestor => ancestor != call).Any(ancestor => ancestor is StatementSyntax or AnonymousFunctionExpressionSyntax);
}
