using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Diffusion.Generators.Reading;

/// <summary>Finds what is assigned to a local or a readonly member besides its initialiser.</summary>
internal static class Assignments
{
    /// <summary>The assigned expressions in <paramref name="places"/>, or null when the symbol is changed in another way (<c>++</c>, <c>+=</c>, ref, out, an element).</summary>
    public static IReadOnlyList<IOperation>? Of(ISymbol symbol, IEnumerable<SyntaxNode> places, SourceProgram program, CancellationToken cancellation)
    {
        var assigned = new List<IOperation>();
        foreach (var name in places.SelectMany(place => place.DescendantNodes()).OfType<IdentifierNameSyntax>().Where(name => name.Identifier.ValueText == symbol.Name))
        {
            var reference = program.Operation(name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name, cancellation);
            if (reference?.Parent is { } parent && SymbolEqualityComparer.Default.Equals(Symbol(reference), symbol))
            {
                if (parent is ISimpleAssignmentOperation { IsRef: false } assignment && assignment.Target == reference)
                {
                    assigned.Add(assignment.Value);
                }
                else if (Changes(parent, reference))
                {
                    return null;
                }
            }
        }

        return assigned;
    }

    private static ISymbol? Symbol(IOperation operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IMemberReferenceOperation member => member.Member,
        _ => null,
    };

    private static bool Changes(IOperation parent, IOperation reference) => parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference || assignment is ISimpleAssignmentOperation { IsRef: true },
        IIncrementOrDecrementOperation or IAddressOfOperation => true,
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
        IArrayElementReferenceOperation element => element.ArrayReference == reference && element.Parent is { } user && Changes(user, element),
        ITupleOperation tuple => tuple.Parent is IDeconstructionAssignmentOperation deconstruction && deconstruction.Target == tuple,
        IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.IsRef: true } } => true,
        _ => false,
    };
}
