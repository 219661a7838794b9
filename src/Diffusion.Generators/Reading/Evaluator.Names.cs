using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Diffusion.Generators.Reading;

/// <content>Locals, parameters, fields and properties of the program.</content>
internal sealed partial class Evaluator
{
    private object? Parameter(IParameterReferenceOperation parameter, Scope? scope) => scope?.Find(parameter.Parameter.OriginalDefinition) is { } bound
        ? Value(bound.Expression, bound.Scope)
        : throw new NotFoldedException(parameter.Syntax, "'" + parameter.Parameter.Name + "' is a parameter");

    private object? Local(ILocalReferenceOperation reference, Scope? scope)
    {
        var local = reference.Local;
        var declaration = local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
        if (declaration is ForEachStatementSyntax loop)
        {
            var items = Elements(Operation(loop.Expression), scope);
            return items.Length == 0
                ? throw new NotFoldedException(reference.Syntax, "the local '" + local.Name + "' runs over nothing")
                : items[choices.Take(local, scope, items.Length, isCondition: true)];
        }

        if (declaration is not VariableDeclaratorSyntax declarator || local.IsRef)
        {
            throw new NotFoldedException(reference.Syntax, "the local '" + local.Name + "' has no initialiser");
        }

        return Assigned(reference, local, "the local '" + local.Name + "'", declarator.Initializer?.Value, [Root(declarator)], scope);
    }

    private object? Field(IFieldReferenceOperation reference, Scope? scope)
    {
        var field = reference.Field;
        var name = "the field '" + field.Name + "'";
        if (DslMembers.Own(field))
        {
            var found = DslMembers.FieldOf(field) ?? throw Unknown(reference, field);
            var instance = reference.Instance is null ? null : Value(reference.Instance, scope);
            var value = Calling(reference, () => found.GetValue(instance));
            trace.Note(value, null, reference);
            return value;
        }

        return field switch
        {
            { IsReadOnly: false } => throw new NotFoldedException(reference.Syntax, name + " is not readonly"),
            { DeclaringSyntaxReferences.IsEmpty: true } => throw new NotFoldedException(reference.Syntax, name + " is in another assembly"),
            _ => Assigned(reference, field, name, (field.DeclaringSyntaxReferences[0].GetSyntax(cancellation) as VariableDeclaratorSyntax)?.Initializer?.Value, Constructors(field), null),
        };
    }

    private object? Property(IPropertyReferenceOperation reference, Scope? scope)
    {
        var property = reference.Property;
        var name = "the property '" + property.Name + "'";
        if (DslMembers.Own(property))
        {
            var found = DslMembers.PropertyOf(property) ?? throw Unknown(reference, property);
            var instance = reference.Instance is null ? null : Value(reference.Instance, scope);
            var value = Calling(reference, () => found.GetValue(instance, [.. reference.Arguments.Select(argument => Value(argument.Value, scope))]));
            trace.Note(value, null, reference);
            return value;
        }

        if (property.IsVirtual || property.IsAbstract || property.IsOverride)
        {
            throw new NotFoldedException(reference.Syntax, name + " is virtual");
        }

        return property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) switch
        {
            null => throw new NotFoldedException(reference.Syntax, name + " is in another assembly"),
            PropertyDeclarationSyntax declaration when Getter(declaration) is { } body => Value(Operation(body), null),
            PropertyDeclarationSyntax { Initializer.Value: var initializer } when property.IsReadOnly => Assigned(reference, property, name, initializer, Constructors(property), null),
            _ => throw new NotFoldedException(reference.Syntax, name + " is neither an expression nor get-only with an initialiser"),
        };
    }

    /// <summary>One of the values that a name is ever given.</summary>
    private object? Assigned(IOperation reference, ISymbol symbol, string name, ExpressionSyntax? initializer, IEnumerable<SyntaxNode> places, Scope? scope)
    {
        var assigned = program.Assignments(symbol, places, cancellation) ?? throw new NotFoldedException(reference.Syntax, name + " is changed in place");
        IOperation[] values = initializer is null ? [.. assigned] : [Operation(initializer), .. assigned];
        return values.Length == 0
            ? throw new NotFoldedException(reference.Syntax, name + " has no initialiser")
            : Value(values[choices.Take(symbol, scope, values.Length, isCondition: false)], scope);
    }

    private static ExpressionSyntax? Getter(PropertyDeclarationSyntax property) => property.ExpressionBody?.Expression
        ?? property.AccessorList?.Accessors.FirstOrDefault(accessor => accessor.Keyword.ValueText == "get") switch
        {
            { ExpressionBody.Expression: { } expression } => expression,
            { Body.Statements: { Count: 1 } statements } => (statements[0] as ReturnStatementSyntax)?.Expression,
            _ => null,
        };

    /// <summary>The bodies that may assign a readonly member.</summary>
    private IEnumerable<SyntaxNode> Constructors(ISymbol member) => member.ContainingType.Constructors
        .Where(constructor => constructor.IsStatic == member.IsStatic)
        .SelectMany(constructor => constructor.DeclaringSyntaxReferences)
        .Select(declaration => declaration.GetSyntax(cancellation))
        .OfType<ConstructorDeclarationSyntax>();

    private static SyntaxNode Root(SyntaxNode node) =>
        node.Ancestors().First(ancestor => ancestor is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax);
}
