using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Diffusion.CodeFixes;

/// <summary>Moves a number into its range. The finding's arguments, which travel with the diagnostic as "0", "1", …, say what is allowed.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NumberFix))]
[Shared]
public sealed class NumberFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [RuleIds.StepsOutOfRange, RuleIds.EtaOutOfRange, RuleIds.SizeNotDivisible];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (var diagnostic in context.Diagnostics)
        {
            var span = diagnostic.Location.SourceSpan;
            var argument = root?.FindToken(span.Start).Parent?.AncestorsAndSelf().OfType<ArgumentSyntax>().FirstOrDefault(candidate => candidate.Expression.Span == span);
            if (root is null || argument is null)
            {
                continue;
            }

            foreach (var number in Allowed(diagnostic))
            {
                var value = SyntaxFactory.ParseExpression(number).WithTriviaFrom(argument.Expression);
                context.RegisterCodeFix(
                    CodeAction.Create("Change to " + number, _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(argument.Expression, value))), nameof(NumberFix) + number),
                    diagnostic);
            }
        }
    }

    /// <summary>The nearest allowed numbers, the nearest first.</summary>
    private static IEnumerable<string> Allowed(Diagnostic diagnostic)
    {
        string Said(int hole) => diagnostic.Properties.TryGetValue(hole.ToString(CultureInfo.InvariantCulture), out var text) ? text ?? "" : "";
        double Number(int hole) => double.TryParse(Said(hole), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN;
        return diagnostic.Id switch
        {
            RuleIds.StepsOutOfRange => [Number(0) < 1 ? "1" : Said(1)],
            RuleIds.EtaOutOfRange => [Number(0) > 1 ? "1" : "0"],
            _ => new[] { 3, 4 }.OrderBy(hole => Math.Abs(Number(hole) - Number(1))).Select(Said),
        };
    }
}
