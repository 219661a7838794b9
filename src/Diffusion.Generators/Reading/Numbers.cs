using System;
using System.Collections.Generic;
using System.Linq.Expressions;
using Microsoft.CodeAnalysis.Operations;

namespace Diffusion.Generators.Reading;

/// <summary>C#'s arithmetic on boxed numbers, left to the expression trees of the platform.</summary>
internal static class Numbers
{
    private static readonly Dictionary<BinaryOperatorKind, ExpressionType> Binaries = new()
    {
        [BinaryOperatorKind.Add] = ExpressionType.Add,
        [BinaryOperatorKind.Subtract] = ExpressionType.Subtract,
        [BinaryOperatorKind.Multiply] = ExpressionType.Multiply,
        [BinaryOperatorKind.Divide] = ExpressionType.Divide,
        [BinaryOperatorKind.Remainder] = ExpressionType.Modulo,
        [BinaryOperatorKind.LeftShift] = ExpressionType.LeftShift,
        [BinaryOperatorKind.RightShift] = ExpressionType.RightShift,
        [BinaryOperatorKind.And] = ExpressionType.And,
        [BinaryOperatorKind.Or] = ExpressionType.Or,
        [BinaryOperatorKind.ExclusiveOr] = ExpressionType.ExclusiveOr,
        [BinaryOperatorKind.ConditionalAnd] = ExpressionType.AndAlso,
        [BinaryOperatorKind.ConditionalOr] = ExpressionType.OrElse,
        [BinaryOperatorKind.Equals] = ExpressionType.Equal,
        [BinaryOperatorKind.NotEquals] = ExpressionType.NotEqual,
        [BinaryOperatorKind.LessThan] = ExpressionType.LessThan,
        [BinaryOperatorKind.LessThanOrEqual] = ExpressionType.LessThanOrEqual,
        [BinaryOperatorKind.GreaterThan] = ExpressionType.GreaterThan,
        [BinaryOperatorKind.GreaterThanOrEqual] = ExpressionType.GreaterThanOrEqual,
    };

    private static readonly Dictionary<UnaryOperatorKind, ExpressionType> Unaries = new()
    {
        [UnaryOperatorKind.Plus] = ExpressionType.UnaryPlus,
        [UnaryOperatorKind.Minus] = ExpressionType.Negate,
        [UnaryOperatorKind.Not] = ExpressionType.Not,
        [UnaryOperatorKind.BitwiseNegation] = ExpressionType.OnesComplement,
    };

    /// <summary>Whether a value is a number, a truth value, a character or an enum value.</summary>
    public static bool Are(params object?[] values) => Array.TrueForAll(values, value => value is decimal || (value?.GetType() is { } type && (type.IsPrimitive || type.IsEnum)));

    /// <summary>A cast, with C#'s rounding and wrapping.</summary>
    public static object Cast(object value, Type type) => value.GetType() == type ? value : Run(Expression.Convert(Expression.Constant(value), type));

    /// <summary>An operator on two numbers of one type (the C# compiler has inserted the casts), or null for an operator that numbers do not have.</summary>
    public static object? Binary(BinaryOperatorKind kind, object left, object right) =>
        Binaries.TryGetValue(kind, out var type) ? Run(Expression.MakeBinary(type, Expression.Constant(left), Expression.Constant(right))) : null;

    /// <summary>An operator on one number, or null for an operator that numbers do not have.</summary>
    public static object? Unary(UnaryOperatorKind kind, object operand) =>
        Unaries.TryGetValue(kind, out var type) ? Run(Expression.MakeUnary(type, Expression.Constant(operand), operand.GetType())) : null;

    private static object Run(Expression expression) => Expression.Lambda<Func<object>>(Expression.Convert(expression, typeof(object))).Compile()();
}
