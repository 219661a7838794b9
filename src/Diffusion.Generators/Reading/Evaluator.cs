using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Diffusion.Generators.Reading;

/// <summary>
/// Evaluates the expressions that define a pipeline, inside the compiler: constants are taken from the program, names and small helpers are followed, and
/// every member of Diffusion.Dsl is called for real. There is no code per scheduler or guider here.
/// </summary>
/// <remarks>
/// It may guess: the code that is emitted compares the key of the pipeline at run time with the one that was read here.
/// </remarks>
internal sealed partial class Evaluator(SourceProgram program, Choices choices, Trace trace, CancellationToken cancellation)
{
    private const int MaxDepth = 300;
    private const int MaxOperations = 20_000;

    private int _depth;
    private int _operations;

    /// <summary>The value of an expression: a number, a text, null, an array, or an object of Diffusion.Dsl.</summary>
    /// <exception cref="NotFoldedException">It has none at build time.</exception>
    /// <exception cref="FaultException">A member of Diffusion.Dsl refuses its arguments.</exception>
    public object? Value(IOperation operation, Scope? scope)
    {
        cancellation.ThrowIfCancellationRequested();
        if (++_operations > MaxOperations || _depth >= MaxDepth)
        {
            throw new NotFoldedException(operation.Syntax, "the definition is recursive or very long");
        }

        _depth++;
        try
        {
            return operation.ConstantValue is { HasValue: true, Value: var constant } ? Constant(constant, operation) : Computed(operation, scope);
        }
        finally
        {
            _depth--;
        }
    }

    private object? Computed(IOperation operation, Scope? scope) => operation switch
    {
        IInvocationOperation call => Call(call, scope),
        IObjectCreationOperation creation => Created(creation, scope),
        IWithOperation with => With(with, scope),
        IPropertyReferenceOperation property => Property(property, scope),
        IFieldReferenceOperation field => Field(field, scope),
        ILocalReferenceOperation local => Local(local, scope),
        IParameterReferenceOperation parameter => Parameter(parameter, scope),
        IConversionOperation conversion => Converted(conversion, scope),
        IParenthesizedOperation parenthesized => Value(parenthesized.Operand, scope),
        IConditionalOperation conditional => Conditional(conditional, scope),
        ISwitchExpressionOperation switched => Chosen(switched, [.. switched.Arms.Select(arm => arm.Value)], scope),
        ICoalesceOperation coalesce => Value(coalesce.Value, scope) ?? Value(coalesce.WhenNull, scope),
        IBinaryOperation binary => Binary(binary, scope),
        IUnaryOperation unary => Unary(unary, scope),
        IArrayCreationOperation array => Array(array, scope),
        ICollectionExpressionOperation collection => Collection(collection, scope),
        IDefaultValueOperation standard => Default(standard),
        IInstanceReferenceOperation instance => throw new NotFoldedException(instance.Syntax, "'this' exists at run time only"),
        IAwaitOperation await => throw new NotFoldedException(await.Syntax, "'await' happens at run time"),
        _ => throw new NotFoldedException(operation.Syntax, "'" + Shortened(operation.Syntax) + "' is not followed"),
    };

    private object? Conditional(IConditionalOperation conditional, Scope? scope)
    {
        if (conditional.WhenFalse is not { } otherwise)
        {
            throw new NotFoldedException(conditional.Syntax, "'" + Shortened(conditional.Syntax) + "' is not followed");
        }

        bool? condition = null;
        try
        {
            condition = Value(conditional.Condition, scope) as bool?;
        }
        catch (NotFoldedException)
        {
            // Not known at build time: both arms can be.
        }

        return condition is null ? Chosen(conditional, [conditional.WhenTrue, otherwise], scope) : Value(condition.Value ? conditional.WhenTrue : otherwise, scope);
    }

    private object? Chosen(IOperation place, IOperation[] alternatives, Scope? scope)
    {
        var values = alternatives.Where(alternative => !Throws(alternative)).ToArray();
        return values.Length == 0
            ? throw new NotFoldedException(place.Syntax, "'" + Shortened(place.Syntax) + "' has no value")
            : Value(values[choices.Take(place.Syntax, scope, values.Length, isCondition: true)], scope);
    }

    private static bool Throws(IOperation operation) => operation is IThrowOperation || (operation is IConversionOperation conversion && Throws(conversion.Operand));

    private IOperation Operation(SyntaxNode node) =>
        program.Operation(node, cancellation) ?? throw new NotFoldedException(node, "'" + Shortened(node) + "' is not an expression");

    private static string Shortened(SyntaxNode node)
    {
        var text = string.Join(" ", node.ToString().Split([' ', '\r', '\n', '\t'], System.StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= 40 ? text : text.Substring(0, 39) + "…";
    }
}
