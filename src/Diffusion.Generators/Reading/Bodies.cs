using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diffusion.Generators.Reading;

/// <summary>Finds the one expression that a helper returns.</summary>
internal static class Bodies
{
    /// <summary>The expression behind <c>=></c>, or of the only <c>return</c> where it stands last; null where there is none.</summary>
    public static ExpressionSyntax? Result(SyntaxNode declaration) => declaration switch
    {
        MethodDeclarationSyntax { ExpressionBody.Expression: { } expression } => expression,
        MethodDeclarationSyntax { Body: { } block } => Result(block),
        LocalFunctionStatementSyntax { ExpressionBody.Expression: { } expression } => expression,
        LocalFunctionStatementSyntax { Body: { } block } => Result(block),
        _ => null,
    };

    private static ExpressionSyntax? Result(BlockSyntax block) =>
        block.Statements.LastOrDefault() is ReturnStatementSyntax { Expression: { } expression } && Returns(block).Length == 1 ? expression : null;

    private static ReturnStatementSyntax[] Returns(BlockSyntax block) =>
    [
        .. block.DescendantNodes(node => node is not (LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax)).OfType<ReturnStatementSyntax>(),
    ];
}
