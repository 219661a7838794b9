using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diffusion.CodeFixes;

/// <summary>Removes a stage that does nothing or contradicts the models.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StageFix))]
[Shared]
public sealed class StageFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        [RuleIds.DuplicateStage, RuleIds.PredictionMismatch, RuleIds.NegativeHasNoEffect, RuleIds.UnetTakesNoText];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            if (root is not null && Chain.Stage(root, diagnostic) is { Expression: MemberAccessExpressionSyntax access } stage)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        "Remove ." + access.Name.Identifier.ValueText + "(…)",
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(stage, Chain.Before(stage)))),
                        nameof(StageFix)),
                    diagnostic);
            }
        }
    }
}
