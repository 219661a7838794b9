using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Diffusion.Tests.House;

/// <summary>Everything of an assembly that users can name, as sorted C#-like lines.</summary>
internal static class PublicApi
{
    private static readonly SymbolDisplayFormat Format = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeModifiers
            | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeAccessibility,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        kindOptions: SymbolDisplayKindOptions.IncludeMemberKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier
            | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral);

    private static readonly string[] MembersOfObject = ["Equals", "GetHashCode", "ToString"];

    /// <summary>The lines of a built assembly: a namespace, below it its types, below each its members.</summary>
    public static string Of(Assembly assembly)
    {
        var compilation = CSharpCompilation.Create("Reader", references: PlatformReferences.All);
        var symbol = compilation.References.Select(compilation.GetAssemblyOrModuleSymbol).OfType<IAssemblySymbol>().Single(found => found.Name == assembly.GetName().Name);
        return string.Join("\n", Namespaces(symbol.GlobalNamespace).OrderBy(found => found.ToDisplayString(), StringComparer.Ordinal).SelectMany(Lines));
    }

    private static IEnumerable<INamespaceSymbol> Namespaces(INamespaceSymbol root) => root.GetNamespaceMembers().SelectMany(Namespaces).Prepend(root);

    private static IEnumerable<string> Lines(INamespaceSymbol space)
    {
        var types = Visible(space.GetTypeMembers()).OrderBy(type => type.ToDisplayString(), StringComparer.Ordinal).ToArray();
        return types.Length == 0 ? [] : ["namespace " + space.ToDisplayString(), .. types.SelectMany(type => Lines(type, "  ")), ""];
    }

    private static IEnumerable<string> Lines(INamedTypeSymbol type, string indent) =>
    [
        indent + Declaration(type),
        .. Members(type).Select(member => $"{indent}  {member.ToDisplayString(Format)}").Order(StringComparer.Ordinal),
        .. Visible(type.GetTypeMembers()).OrderBy(nested => nested.Name, StringComparer.Ordinal).SelectMany(nested => Lines(nested, indent + "  ")),
    ];

    private static string Declaration(INamedTypeSymbol type)
    {
        var modifiers = type.TypeKind == TypeKind.Struct && type.IsReadOnly ? "readonly " : type.TypeKind != TypeKind.Class ? "" : type.IsStatic ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        var kind = type.TypeKind == TypeKind.Delegate ? "delegate " + type.DelegateInvokeMethod!.ReturnType.ToDisplayString(Format)
            : (type.IsRecord ? "record " : "") + (type.TypeKind == TypeKind.Class && type.IsRecord ? "" : type.TypeKind.ToString().ToLowerInvariant());
        var bases = new[] { type.BaseType }.Where(_ => type.TypeKind == TypeKind.Class).Concat(type.Interfaces).OfType<INamedTypeSymbol>()
            .Where(parent => parent.SpecialType != SpecialType.System_Object && (!type.IsRecord || parent.Name != "IEquatable"))
            .Select(parent => parent.ToDisplayString(Format))
            .ToArray();
        return $"{modifiers}{kind.Trim()} {type.ToDisplayString(Format)}{(bases.Length == 0 ? "" : " : " + string.Join(", ", bases))}";
    }

    private static IEnumerable<ISymbol> Members(INamedTypeSymbol type) => type.GetMembers().Where(member =>
        type.TypeKind != TypeKind.Delegate
        && IsVisible(member)
        && member is not INamedTypeSymbol
        && member is not IMethodSymbol { AssociatedSymbol: not null }
        && !(member.IsOverride && MembersOfObject.Contains(member.Name))
        && !(type.TypeKind == TypeKind.Enum && member is IMethodSymbol)
        && !member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "CompilerGeneratedAttribute"));

    private static IEnumerable<INamedTypeSymbol> Visible(IEnumerable<INamedTypeSymbol> types) => types.Where(IsVisible);

    private static bool IsVisible(ISymbol symbol) =>
        symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
}
