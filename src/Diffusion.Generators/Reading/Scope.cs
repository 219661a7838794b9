using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace Diffusion.Generators.Reading;

/// <summary>What the parameters of a followed helper stand for: the caller's expressions, in the caller's scope.</summary>
internal sealed class Scope(Scope? caller)
{
    private readonly Dictionary<IParameterSymbol, (IOperation Expression, Scope? Scope)> _bound = new(SymbolEqualityComparer.Default);

    public void Bind(IParameterSymbol parameter, IOperation expression) => _bound[parameter] = (expression, caller);

    /// <summary>The expression that <paramref name="parameter"/> stands for; local functions see the parameters around them.</summary>
    public (IOperation Expression, Scope? Scope)? Find(IParameterSymbol parameter) =>
        _bound.TryGetValue(parameter, out var bound) ? bound : caller?.Find(parameter);
}
