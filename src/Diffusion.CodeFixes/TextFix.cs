using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diffusion.CodeFixes;

/// <summary>Adds the text encoder that belongs to the other models: <c>.Text(sd.Clip)</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TextFix))]
[Shared]
public sealed class TextFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RuleIds.CfgNeedsText, RuleIds.GuiderModelAbsent, RuleIds.UnetNeedsText];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindToken(context.Span.Start).Parent is not { } place || model is null)
        {
            return;
        }

        var from = Chain.Around(place).FirstOrDefault(call => call.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "From" });
        if (from is null || Encoder(from, model, context.CancellationToken) is not { } encoder)
        {
            return;
        }

        var stage = SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, from.WithoutTrailingTrivia(), SyntaxFactory.IdentifierName("Text")),
            SyntaxFactory.ArgumentList([SyntaxFactory.Argument(SyntaxFactory.ParseExpression(encoder))]));
        var changed = root.ReplaceNode(from, stage.WithTrailingTrivia(from.GetTrailingTrivia()));
        context.RegisterCodeFix(CodeAction.Create("Add .Text(" + encoder + ")", _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), nameof(TextFix)), context.Diagnostics);
    }

    /// <summary>The encoder of the checkpoint that the chain starts with, else one that is in scope.</summary>
    private static string? Encoder(InvocationExpressionSyntax from, SemanticModel model, CancellationToken cancellation)
    {
        if (from.ArgumentList.Arguments is { Count: 1 } arguments
            && arguments[0].Expression is MemberAccessExpressionSyntax access
            && IsDsl(model.GetTypeInfo(access.Expression, cancellation).Type, "Pretrained"))
        {
            return access.Expression + ".Clip";
        }

        var visible = model.LookupSymbols(from.SpanStart).Where(symbol => symbol is ILocalSymbol or IParameterSymbol or IFieldSymbol or IPropertySymbol).ToArray();
        return visible.FirstOrDefault(symbol => IsDsl(TypeOf(symbol), "TextModel"))?.Name
            ?? (visible.FirstOrDefault(symbol => IsDsl(TypeOf(symbol), "Pretrained")) is { } checkpoint ? checkpoint.Name + ".Clip" : null);
    }

    private static bool IsDsl(ITypeSymbol? type, string name) => type?.Name == name && type.ContainingAssembly?.Name == "Diffusion.Dsl";

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };
}
