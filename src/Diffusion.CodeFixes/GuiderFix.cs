using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diffusion.CodeFixes;

/// <summary>Removes a guider, and its stage if no guider is left.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GuiderFix))]
[Shared]
public sealed class GuiderFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RuleIds.CfgNeedsText, RuleIds.CfgNeedsNullClass, RuleIds.GuiderTwice, RuleIds.GuiderModelAbsent, RuleIds.GuidersExclude, RuleIds.GuiderNotForSampler];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            var span = diagnostic.Location.SourceSpan;
            var argument = root?.FindToken(span.Start).Parent?.AncestorsAndSelf().OfType<ArgumentSyntax>().FirstOrDefault(candidate => candidate.Span.End == span.End);
            if (root is not null && argument?.Parent is ArgumentListSyntax { Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Guidance" } } stage } list)
            {
                SyntaxNode changed = list.Arguments.Count == 1
                    ? root.ReplaceNode(stage, Chain.Before(stage))
                    : root.ReplaceNode(list, list.WithArguments(list.Arguments.Remove(argument)));
                context.RegisterCodeFix(CodeAction.Create("Remove " + argument.Expression, _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), nameof(GuiderFix)), diagnostic);
            }
        }
    }
}
