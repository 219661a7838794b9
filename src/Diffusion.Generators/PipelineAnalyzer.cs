using System.Collections.Immutable;
using Diffusion.Dsl;
using Diffusion.Generators.Diagnostics;
using Diffusion.Generators.Files;
using Diffusion.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Diffusion.Generators;

/// <summary>Checks pipelines while they are written, with the checks of the run time, and tells which ones are compiled at run time.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PipelineAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            var files = ModelFileSet.Of(start.Options.AdditionalFiles, start.CancellationToken);
            start.RegisterOperationAction(invocation => Check(invocation, files), OperationKind.Invocation);
        });
    }

    private static void Check(OperationAnalysisContext context, ModelFileSet files)
    {
        var call = (IInvocationOperation)context.Operation;
        if (ChainChecks.IsRepeated(call))
        {
            context.ReportDiagnostic(Descriptors.Diagnostic(Rules.DuplicateStage.Found(call.TargetMethod.Name), Locations.Of(call)));
        }
        else if (CompileCalls.Is(call) && CompileCalls.Receiver(call) is { } receiver)
        {
            CheckPipeline(context, call, DefinitionReader.Read(receiver, context.Compilation, context.CancellationToken), files);
        }
    }

    private static void CheckPipeline(OperationAnalysisContext context, IInvocationOperation call, DefinitionReading reading, ModelFileSet files)
    {
        var places = new FindingPlaces(call, reading.Trace);
        foreach (var (finding, pipeline) in Findings.Of(reading, files))
        {
            context.ReportDiagnostic(Descriptors.Diagnostic(finding, places.Of(finding, pipeline)));
        }

        foreach (var fault in reading.Faults)
        {
            foreach (var finding in fault.Findings)
            {
                context.ReportDiagnostic(Descriptors.Diagnostic(finding, Near(call, fault.Node), fault.Node.GetLocation()));
            }
        }

        if (reading.NotFolded is { } reason && CompileCalls.IsPlain(call))
        {
            context.ReportDiagnostic(Descriptors.Diagnostic(Rules.CompiledAtRunTime.Found(reason.Because), Near(call, reason.Node), reason.Node.GetLocation()));
        }
    }

    /// <summary>The cause if it stands in the file of the call: an editor shows no live diagnostics elsewhere.</summary>
    private static Location Near(IOperation call, SyntaxNode cause) => cause.SyntaxTree == call.Syntax.SyntaxTree ? cause.GetLocation() : Locations.Of(call);
}
