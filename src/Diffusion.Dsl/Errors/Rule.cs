using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// One entry of the error catalogue: the same id and sentence serve as compile-time diagnostic and as run-time exception.
/// </summary>
/// <param name="Id">«DIF» and four digits; the first two tell the group: 01 usage, 02 scheduler and noise, 03 guider, 04 model and shape, 05 weights and files, 06 versions and platform, 07 text. Never reused.</param>
/// <param name="Title">A few words that name the rule.</param>
/// <param name="Format">One sentence with <c>{0}</c> holes: subject, value, allowed, remedy.</param>
/// <param name="Severity">How serious a finding of this rule is.</param>
public sealed record Rule(string Id, string Title, string Format, RuleSeverity Severity = RuleSeverity.Error)
{
    /// <summary>The address of this rule's page.</summary>
    public string HelpLink => "https://github.com/diffusion-dsl/diffusion-dsl/blob/main/docs/rules/" + Id + ".md";

    /// <summary>A finding of this rule.</summary>
    /// <param name="arguments">What fills the holes of <see cref="Format"/>, in order; numbers are written invariantly.</param>
    public Finding Found(params object?[] arguments) => new(this, arguments.Select(Text.Of).ToEquatableArray());

    /// <summary>An exception that holds one finding of this rule.</summary>
    /// <param name="arguments">What fills the holes of <see cref="Format"/>, in order.</param>
    public DiffusionException Error(params object?[] arguments) => new(Found(arguments));
}
