using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Diffusion.Generators.Diagnostics;

/// <summary>Finds what a program wrote for a parameter.</summary>
internal static class Arguments
{
    /// <summary>The expression given for a parameter of a call or creation; null where it was left out.</summary>
    public static IOperation? Find(IOperation? call, string parameter)
    {
        var arguments = call switch
        {
            IInvocationOperation invocation => invocation.Arguments,
            IObjectCreationOperation creation => creation.Arguments,
            _ => [],
        };
        return arguments.FirstOrDefault(argument => argument.ArgumentKind == ArgumentKind.Explicit && string.Equals(argument.Parameter?.Name, parameter, System.StringComparison.OrdinalIgnoreCase))?.Value;
    }
}
