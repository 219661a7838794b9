using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace Diffusion.Dsl;

/// <summary>
/// The catalogue of everything that can be wrong. Ids by hundred: 01 usage, 02 scheduler and noise, 03 guider, 04 model and shape,
/// 05 weights and files, 06 versions and platform, 07 text. Each id has a page under <c>docs/rules</c> and is never reused.
/// </summary>
public static partial class Rules
{
    // Deferred: the order of static initialisers across the files of a partial class is not defined.
    private static readonly Lazy<IReadOnlyList<Rule>> Catalogue = new(() => typeof(Rules)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => field.GetValue(null))
        .OfType<Rule>()
        .OrderBy(rule => rule.Id, StringComparer.Ordinal)
        .ToArray());

    /// <summary>Every rule of the catalogue, ordered by id.</summary>
    public static IReadOnlyList<Rule> All => Catalogue.Value;
}
