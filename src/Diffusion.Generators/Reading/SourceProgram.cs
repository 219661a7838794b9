using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Diffusion.Generators.Reading;

/// <summary>The user's program while one compilation of it is read: its semantic models are kept, for a fresh one binds everything again.</summary>
internal sealed class SourceProgram
{
    private static readonly ConditionalWeakTable<Compilation, SourceProgram> Programs = new();

    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();
    private readonly ConcurrentDictionary<ISymbol, IReadOnlyList<IOperation>?> _assignments = new(SymbolEqualityComparer.Default);
    private readonly Compilation _compilation;

    private SourceProgram(Compilation compilation) => _compilation = compilation;

    public static SourceProgram Of(Compilation compilation) => Programs.GetValue(compilation, static compilation => new SourceProgram(compilation));

    /// <summary>What the compiler makes of an expression; null where it is none.</summary>
    public IOperation? Operation(SyntaxNode node, CancellationToken cancellation) =>
        _models.GetOrAdd(node.SyntaxTree, tree => _compilation.GetSemanticModel(tree)).GetOperation(node, cancellation);

    /// <summary>What is assigned to a symbol, or null when it is changed in another way.</summary>
    public IReadOnlyList<IOperation>? Assignments(ISymbol symbol, IEnumerable<SyntaxNode> places, CancellationToken cancellation) =>
        _assignments.GetOrAdd(symbol, _ => Reading.Assignments.Of(symbol, places, this, cancellation));
}
