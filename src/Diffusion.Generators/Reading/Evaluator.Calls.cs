using System;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Diffusion.Generators.Reading;

/// <content>Members of Diffusion.Dsl are invoked; helpers of the program are followed.</content>
internal sealed partial class Evaluator
{
    private object? Call(IInvocationOperation call, Scope? scope)
    {
        var method = call.TargetMethod.ReducedFrom ?? call.TargetMethod;
        if (!DslMembers.Own(method))
        {
            return Followed(call, method, scope);
        }

        var instance = call.Instance is null ? null : Value(call.Instance, scope);
        try
        {
            return Invoked(method, instance, [.. method.Parameters.Select(parameter => Argument(call, call.Arguments, parameter, scope))], call);
        }
        catch (NotFoldedException) when (instance is Pipeline && Unknowns.IsOutsideOfTheSpec(method))
        {
            return instance;
        }
    }

    private object? Created(IObjectCreationOperation creation, Scope? scope)
    {
        if (creation.Constructor is not { } constructor || !DslMembers.Own(constructor))
        {
            throw new NotFoldedException(creation.Syntax, "'" + Shortened(creation.Syntax) + "' is created at run time");
        }

        var value = Invoked(constructor, null, [.. constructor.Parameters.Select(parameter => Argument(creation, creation.Arguments, parameter, scope))], creation);
        if (creation.Initializer is { } initializer)
        {
            Initialize(value, initializer, scope);
        }

        return value;
    }

    private object With(IWithOperation with, Scope? scope)
    {
        var operand = Value(with.Operand, scope);
        if (operand?.GetType().GetMethod("<Clone>$", Type.EmptyTypes) is not { } clone)
        {
            throw new NotFoldedException(with.Syntax, "'" + Shortened(with.Syntax) + "' is not followed");
        }

        var value = clone.Invoke(operand, null);
        Initialize(value, with.Initializer, scope);
        trace.Note(value, operand, with);
        return value;
    }

    private void Initialize(object? value, IObjectOrCollectionInitializerOperation initializer, Scope? scope)
    {
        foreach (var part in initializer.Initializers)
        {
            if (part is not ISimpleAssignmentOperation { Target: IPropertyReferenceOperation target } assignment || DslMembers.PropertyOf(target.Property) is not { } property)
            {
                throw new NotFoldedException(part.Syntax, "'" + Shortened(part.Syntax) + "' is not followed");
            }

            var given = Named(assignment.Value, target.Property.Name, target.Property.ContainingType.Name, target.Type, scope);
            Calling(part, () =>
            {
                property.SetValue(value, given);
                return null;
            });
        }
    }

    private object? Argument(IOperation place, ImmutableArray<IArgumentOperation> arguments, IParameterSymbol parameter, Scope? scope)
    {
        var method = (IMethodSymbol)parameter.ContainingSymbol;
        var owner = method.MethodKind == MethodKind.Constructor ? method.ContainingType.Name : method.Name;
        return arguments.FirstOrDefault(candidate => candidate.Parameter?.Ordinal == parameter.Ordinal) is { } argument
            ? Named(argument.Value, parameter.Name, owner, parameter.Type, scope, method.ContainingType)
            : throw new NotFoldedException(place.Syntax, "'" + parameter.Name + "' of " + owner + " is missing");
    }

    /// <summary>The value of an argument; a model that is not known stands for any, for the numbers decide what is compiled.</summary>
    private object? Named(IOperation value, string name, string owner, ITypeSymbol? type, Scope? scope, ITypeSymbol? of = null)
    {
        try
        {
            return Value(value, scope);
        }
        catch (NotFoldedException exception)
        {
            if (Unknowns.StandIn(type, value.Type, of) is { } unknown)
            {
                return unknown;
            }

            exception.Argument ??= "'" + name + "' of " + owner;
            throw;
        }
    }

    private object? Invoked(IMethodSymbol symbol, object? instance, object?[] arguments, IOperation place)
    {
        if (!DslMembers.Own(symbol) || DslMembers.MethodOf(symbol) is not { } method)
        {
            throw Unknown(place, symbol);
        }

        if (method.IsDefined(typeof(ReadsFilesAttribute), inherit: false))
        {
            throw new NotFoldedException(place.Syntax, "'" + symbol.Name + "' reads a file when the program runs");
        }

        var value = Calling(place, () => method is ConstructorInfo constructor ? constructor.Invoke(arguments) : method.Invoke(instance, arguments));
        trace.Note(value, instance, place);
        return value;
    }

    private object? Followed(IInvocationOperation call, IMethodSymbol method, Scope? scope)
    {
        if (method.IsVirtual || method.IsAbstract || method.IsOverride)
        {
            throw new NotFoldedException(call.Syntax, "'" + method.Name + "' is virtual");
        }

        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not { } declaration)
        {
            throw new NotFoldedException(call.Syntax, "'" + method.Name + "' is in another assembly");
        }

        var body = Bodies.Result(declaration) ?? throw new NotFoldedException(call.Syntax, "'" + method.Name + "' does more than return one expression");
        var inner = new Scope(scope);
        foreach (var argument in call.Arguments)
        {
            inner.Bind(argument.Parameter!.OriginalDefinition, argument.Value);
        }

        if (call.Instance is { } receiver && method.ContainingType.ExtensionParameter is { } extended)
        {
            inner.Bind(extended.OriginalDefinition, receiver);
        }

        return Value(Operation(body), inner);
    }

    private static NotFoldedException Unknown(IOperation place, ISymbol symbol) =>
        new(place.Syntax, DslMembers.Own(symbol) ? "'" + symbol.Name + "' is not known to this version of the generator" : "'" + symbol.Name + "' is in another assembly");

    /// <summary>Invokes a member of Diffusion.Dsl; what it refuses is a finding.</summary>
    private static object? Calling(IOperation place, Func<object?> invoke)
    {
        try
        {
            return invoke();
        }
        catch (TargetInvocationException exception) when (exception.InnerException is DiffusionException fault)
        {
            throw new FaultException(place.Syntax, fault);
        }
        catch (Exception exception) when (exception is TargetInvocationException or ArgumentException or TargetException)
        {
            throw new NotFoldedException(place.Syntax, "'" + Shortened(place.Syntax) + "' throws: " + (exception.InnerException ?? exception).Message);
        }
    }
}
