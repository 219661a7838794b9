using System.Globalization;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>One thing that is wrong, or worth knowing, about a definition, a file or a call.</summary>
/// <param name="Rule">The rule that was broken.</param>
/// <param name="Arguments">What fills the holes of the rule's sentence.</param>
public sealed record Finding(Rule Rule, EquatableArray<string> Arguments)
{
    /// <summary>The whole sentence, without the id.</summary>
    public string Message => string.Format(CultureInfo.InvariantCulture, Rule.Format, Arguments.Cast<object>().ToArray());

    /// <summary>Id and sentence: <c>DIF0204: steps is 1200, …</c>.</summary>
    public override string ToString() => Rule.Id + ": " + Message;
}
