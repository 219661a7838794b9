using System;
using System.Linq;
using System.Text;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Dsl.Emission;
using Diffusion.Generators.Emission;
using Diffusion.Generators.Files;
using Diffusion.Generators.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Diffusion.Generators;

/// <summary>
/// The build-time host of the compiler: finds calls of Compile(), reads their pipelines, emits a sampler for each distinct spec, registers the samplers
/// and puts them in place of the calls.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class PipelineGenerator : IIncrementalGenerator
{
    internal const string Namespace = "Diffusion.Generated";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(ModelFileSet.IsConfig)
            .Select(ModelFileSet.Read)
            .Collect()
            .Select(static (all, _) => new ModelFileSet(all.ToEquatableArray()))
            .WithTrackingName("Files");
        var sites = context.SyntaxProvider.CreateSyntaxProvider(static (node, _) => MayCompile(node), static (found, cancellation) => Read(found, cancellation))
            .Where(static site => site is not null)
            .Select(static (site, _) => site!)
            .WithTrackingName("Sites")
            .Combine(files)
            .Select(static (pair, _) => new SpecSite(pair.Left, Specs.Of(pair.Left.Pipelines, pair.Right)))
            .WithTrackingName("SpecSites")
            .Collect()
            .Select(static (all, _) => all.ToEquatableArray());

        // From here on nothing depends on where the calls stand.
        var samplers = sites
            .Select(static (all, _) => Specs.Distinct(all.SelectMany(site => site.Specs)))
            .WithTrackingName("Specs")
            .SelectMany(static (specs, _) => specs)
            .Select(static (spec, _) => Specs.Emit(spec))
            .Where(static sampler => sampler is not null)
            .Select(static (sampler, _) => sampler!)
            .WithTrackingName("Samplers");
        var emitted = samplers.Collect().Select(static (all, _) => all.ToEquatableArray());
        var mayIntercept = context.ParseOptionsProvider.Select(static (options, _) => MayIntercept(options));

        context.RegisterImplementationSourceOutput(samplers, static (output, sampler) => Add(output, sampler.FileName, sampler.Text));
        context.RegisterImplementationSourceOutput(emitted, static (output, all) => Add(output, "_Registry.g.cs", RegistryText.Of(all)));
        context.RegisterImplementationSourceOutput(sites.Combine(emitted).Combine(mayIntercept), static (output, all) =>
            Add(output, "_Interceptors.g.cs", all.Right ? InterceptorText.Of(all.Left.Left, all.Left.Right) : null));
    }

    private static void Add(SourceProductionContext output, string name, string? text)
    {
        if (text is not null)
        {
            output.AddSource(name, SourceText.From(text, Utf8));
        }
    }

    private static bool MayCompile(SyntaxNode node) => node is InvocationExpressionSyntax
    {
        ArgumentList.Arguments.Count: 0,
        Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: CompileCalls.Name },
    };

    private static CallSite? Read(GeneratorSyntaxContext found, CancellationToken cancellation)
    {
        if (found.SemanticModel.GetOperation(found.Node, cancellation) is not IInvocationOperation call || !CompileCalls.Is(call) || CompileCalls.Receiver(call) is not { } receiver)
        {
            return null;
        }

        var reading = DefinitionReader.Read(receiver, found.SemanticModel.Compilation, cancellation);
        var location = found.SemanticModel.GetInterceptableLocation((InvocationExpressionSyntax)found.Node, cancellation);
        return reading.Candidates.Count == 0 ? null : new CallSite(
            reading.Candidates.Select(candidate => candidate.Pipeline).ToEquatableArray(),
            location?.Version ?? 0,
            location?.Data ?? "",
            location?.GetDisplayLocation().Split('/', '\\').Last() ?? "");
    }

    /// <summary>Whether the project lets generated code of this namespace intercept calls (the MSBuild property InterceptorsNamespaces).</summary>
    private static bool MayIntercept(ParseOptions options) =>
        options.Features.TryGetValue("InterceptorsNamespaces", out var namespaces)
        && namespaces.Split(';').Any(allowed => Namespace == allowed.Trim() || Namespace.StartsWith(allowed.Trim() + ".", StringComparison.Ordinal));
}
