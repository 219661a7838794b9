using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;

namespace Diffusion.Generators.Diagnostics;

/// <summary>The rules of Diffusion.Dsl as diagnostics: the same id, title, sentence, severity and page.</summary>
internal static class Descriptors
{
    /// <summary>Every rule of the catalogue.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = [.. Rules.All.Select(Of)];

    private static readonly ImmutableDictionary<string, DiagnosticDescriptor> ById = All.ToImmutableDictionary(descriptor => descriptor.Id);

    /// <summary>A finding as a diagnostic. Its arguments travel as the properties "0", "1", … for code fixes.</summary>
    public static Diagnostic Diagnostic(Finding finding, Location location, params Location[] related) => Microsoft.CodeAnalysis.Diagnostic.Create(
        ById[finding.Rule.Id],
        location,
        related,
        finding.Arguments.Select((argument, i) => (Name: i.ToString(CultureInfo.InvariantCulture), argument)).ToImmutableDictionary(pair => pair.Name, pair => (string?)pair.argument),
        [.. finding.Arguments]);

    private static DiagnosticDescriptor Of(Rule rule) => new(
        rule.Id,
        rule.Title,
        rule.Format,
        "Diffusion",
        rule.Severity switch
        {
            RuleSeverity.Info => DiagnosticSeverity.Info,
            RuleSeverity.Warning => DiagnosticSeverity.Warning,
            _ => DiagnosticSeverity.Error,
        },
        isEnabledByDefault: true,
        helpLinkUri: rule.HelpLink);
}
