using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Diffusion.Generators.Reading;

/// <content>Constants, casts, operators, arrays.</content>
internal sealed partial class Evaluator
{
    private static object? Constant(object? constant, IOperation operation) =>
        constant is not null && operation.Type is { TypeKind: TypeKind.Enum } && DslMembers.TypeOf(operation.Type) is { } type ? Enum.ToObject(type, constant) : constant;

    private object? Converted(IConversionOperation conversion, Scope? scope)
    {
        if (conversion.OperatorMethod is { } method)
        {
            return Invoked(method, null, [Value(conversion.Operand, scope)], conversion);
        }

        var value = Value(conversion.Operand, scope);
        var target = conversion.Type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : conversion.Type;
        return Numbers.Are(value) && DslMembers.TypeOf(target) is { } type && (type.IsPrimitive || type.IsEnum || type == typeof(decimal))
            ? Guarded(conversion, () => Numbers.Cast(value!, type))
            : value;
    }

    private object? Binary(IBinaryOperation binary, Scope? scope)
    {
        var (left, right) = (Value(binary.LeftOperand, scope), Value(binary.RightOperand, scope));
        return (binary.OperatorMethod, left, right) switch
        {
            ({ } method, _, _) when DslMembers.Own(method) => Invoked(method, null, [left, right], binary),
            (_, string first, string second) when binary.OperatorKind == BinaryOperatorKind.Add => first + second,
            _ when Numbers.Are(left, right) => Guarded(binary, () => Numbers.Binary(binary.OperatorKind, left!, right!)),
            _ => null,
        } ?? throw new NotFoldedException(binary.Syntax, "'" + Shortened(binary.Syntax) + "' is not folded");
    }

    private object Unary(IUnaryOperation unary, Scope? scope)
    {
        var operand = Value(unary.Operand, scope);
        return (Numbers.Are(operand) ? Guarded(unary, () => Numbers.Unary(unary.OperatorKind, operand!)) : null)
            ?? throw new NotFoldedException(unary.Syntax, "'" + Shortened(unary.Syntax) + "' is not folded");
    }

    private Array Array(IArrayCreationOperation creation, Scope? scope) => creation.Initializer is { } initializer
        ? Array(creation, (creation.Type as IArrayTypeSymbol)?.ElementType, initializer.ElementValues.Select(element => Value(element, scope)))
        : creation.DimensionSizes.Length == 1 && creation.DimensionSizes[0].ConstantValue is { HasValue: true, Value: 0 }
            ? Array(creation, (creation.Type as IArrayTypeSymbol)?.ElementType, [])
            : throw new NotFoldedException(creation.Syntax, "the array '" + Shortened(creation.Syntax) + "' is filled at run time");

    private Array Collection(ICollectionExpressionOperation collection, Scope? scope)
    {
        var element = collection.Type switch
        {
            IArrayTypeSymbol array => array.ElementType,
            INamedTypeSymbol { TypeKind: TypeKind.Interface, TypeArguments: { Length: 1 } arguments } => arguments[0],
            _ => throw new NotFoldedException(collection.Syntax, "a collection of type " + collection.Type?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat) + " is filled at run time"),
        };
        return Array(collection, element, collection.Elements.SelectMany(item => item is ISpreadOperation spread
            ? Elements(spread.Operand, scope)
            : [Value(item, scope)]));
    }

    private object?[] Elements(IOperation sequence, Scope? scope) => Value(sequence, scope) is IEnumerable items and not string
        ? [.. items.Cast<object?>()]
        : throw new NotFoldedException(sequence.Syntax, "'" + Shortened(sequence.Syntax) + "' is filled at run time");

    private static Array Array(IOperation place, ITypeSymbol? element, IEnumerable<object?> values)
    {
        var type = DslMembers.TypeOf(element) ?? throw new NotFoldedException(place.Syntax, "an array of " + element?.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat) + " is filled at run time");
        var items = values.ToArray();
        return (Array)Guarded(place, () =>
        {
            var array = System.Array.CreateInstance(type, items.Length);
            for (var i = 0; i < items.Length; i++)
            {
                array.SetValue(items[i], i);
            }

            return array;
        })!;
    }

    private static object? Default(IDefaultValueOperation standard) => standard.Type is { IsValueType: true, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T } value
        ? DslMembers.TypeOf(value) is { } type ? Activator.CreateInstance(type) : throw new NotFoldedException(standard.Syntax, "'" + Shortened(standard.Syntax) + "' is not folded")
        : null;

    /// <summary>What would throw at run time (a division by zero, an overflow) has no value here.</summary>
    private static object? Guarded(IOperation place, Func<object?> compute)
    {
        try
        {
            return compute();
        }
        catch (Exception exception) when (exception is ArithmeticException or InvalidOperationException or InvalidCastException)
        {
            throw new NotFoldedException(place.Syntax, "'" + Shortened(place.Syntax) + "' is not folded: " + exception.Message);
        }
    }
}
