using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;

namespace Diffusion.Generators.Reading;

/// <summary>
/// The members of the Diffusion.Dsl.dll that is loaded here, for the symbols of the Diffusion.Dsl.dll that the user's program references. Nothing else is
/// ever invoked at build time.
/// </summary>
internal static class DslMembers
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    private static readonly Assembly Library = typeof(Pipeline).Assembly;

    private static readonly Dictionary<SpecialType, Type> Simple = new()
    {
        [SpecialType.System_Object] = typeof(object),
        [SpecialType.System_String] = typeof(string),
        [SpecialType.System_Boolean] = typeof(bool),
        [SpecialType.System_Char] = typeof(char),
        [SpecialType.System_SByte] = typeof(sbyte),
        [SpecialType.System_Byte] = typeof(byte),
        [SpecialType.System_Int16] = typeof(short),
        [SpecialType.System_UInt16] = typeof(ushort),
        [SpecialType.System_Int32] = typeof(int),
        [SpecialType.System_UInt32] = typeof(uint),
        [SpecialType.System_Int64] = typeof(long),
        [SpecialType.System_UInt64] = typeof(ulong),
        [SpecialType.System_Single] = typeof(float),
        [SpecialType.System_Double] = typeof(double),
        [SpecialType.System_Decimal] = typeof(decimal),
        [SpecialType.System_Enum] = typeof(Enum),
        [SpecialType.System_Nullable_T] = typeof(Nullable<>),
        [SpecialType.System_Collections_Generic_IEnumerable_T] = typeof(IEnumerable<>),
        [SpecialType.System_Collections_Generic_ICollection_T] = typeof(ICollection<>),
        [SpecialType.System_Collections_Generic_IList_T] = typeof(IList<>),
        [SpecialType.System_Collections_Generic_IReadOnlyCollection_T] = typeof(IReadOnlyCollection<>),
        [SpecialType.System_Collections_Generic_IReadOnlyList_T] = typeof(IReadOnlyList<>),
    };

    /// <summary>Whether a symbol is declared by Diffusion.Dsl.dll.</summary>
    public static bool Own(ISymbol? symbol) => symbol?.ContainingAssembly?.Name == Library.GetName().Name;

    /// <summary>The loaded type, or null for a type that values here cannot have.</summary>
    public static Type? TypeOf(ITypeSymbol? symbol)
    {
        if (symbol is IArrayTypeSymbol { Rank: 1 } array)
        {
            return TypeOf(array.ElementType)?.MakeArrayType();
        }

        if (symbol is not INamedTypeSymbol named)
        {
            return null;
        }

        var definition = Simple.TryGetValue(named.OriginalDefinition.SpecialType, out var simple) ? simple : Own(named) ? Library.GetType(MetadataName(named)) : null;
        if (definition is null || !named.IsGenericType)
        {
            return definition;
        }

        var arguments = named.TypeArguments.Select(TypeOf).ToArray();
        return arguments.Contains(null) ? null : definition.MakeGenericType(arguments!);
    }

    /// <summary>The loaded method or constructor, or null.</summary>
    public static MethodBase? MethodOf(IMethodSymbol symbol)
    {
        if (TypeOf(symbol.ContainingType) is not { } type)
        {
            return null;
        }

        IEnumerable<MethodBase> candidates = symbol.MethodKind == MethodKind.Constructor
            ? type.GetConstructors(Public)
            : type.GetMethods(Public).Where(method => method.Name == symbol.MetadataName && method.IsStatic == symbol.IsStatic).Select(method => Closed(method, symbol)).OfType<MethodBase>();
        var parameters = symbol.Parameters.Select(parameter => TypeOf(parameter.Type)).ToArray();
        return candidates.FirstOrDefault(candidate => candidate.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(parameters));
    }

    /// <summary>The loaded property, or null.</summary>
    public static PropertyInfo? PropertyOf(IPropertySymbol symbol) =>
        TypeOf(symbol.ContainingType)?.GetProperties(Public).FirstOrDefault(property =>
            property.Name == symbol.MetadataName
            && property.GetIndexParameters().Select(parameter => parameter.ParameterType).SequenceEqual(symbol.Parameters.Select(parameter => TypeOf(parameter.Type))));

    /// <summary>The loaded field, or null.</summary>
    public static FieldInfo? FieldOf(IFieldSymbol symbol) => TypeOf(symbol.ContainingType)?.GetField(symbol.MetadataName, Public);

    private static MethodInfo? Closed(MethodInfo method, IMethodSymbol symbol)
    {
        if (!method.IsGenericMethodDefinition)
        {
            return symbol.Arity == 0 ? method : null;
        }

        var arguments = symbol.TypeArguments.Select(TypeOf).ToArray();
        return arguments.Contains(null) || arguments.Length != method.GetGenericArguments().Length ? null : method.MakeGenericMethod(arguments!);
    }

    private static string MetadataName(INamedTypeSymbol type) => type.ContainingType is { } outer
        ? MetadataName(outer) + "+" + type.MetadataName
        : type.ContainingNamespace.ToDisplayString() + "." + type.MetadataName;
}
