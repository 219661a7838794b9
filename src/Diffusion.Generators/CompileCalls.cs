using System.Linq;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Diffusion.Generators;

/// <summary>Recognises calls of <c>Compile()</c> on a pipeline.</summary>
internal static class CompileCalls
{
    /// <summary>The name of the method.</summary>
    public const string Name = "Compile";

    private const string Owner = "PipelineCompilation";

    /// <summary>Whether a call compiles a pipeline, with or without options.</summary>
    public static bool Is(IInvocationOperation call) =>
        call.TargetMethod is { Name: Name, ContainingType: { Name: Owner } type } && type.ContainingNamespace.ToDisplayString() == typeof(Pipeline).Namespace;

    /// <summary>Whether a call of Compile has no options, so that the generator may stand in for it.</summary>
    public static bool IsPlain(IInvocationOperation call) => (call.TargetMethod.ReducedFrom ?? call.TargetMethod).Parameters.Length == 1;

    /// <summary>The expression that is compiled.</summary>
    public static IOperation? Receiver(IInvocationOperation call) => call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
}
