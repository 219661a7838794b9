using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.Loader;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Dsl.Emission;
using Diffusion.Runtime.Sampling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Diffusion.Runtime.Compilation;

/// <summary>The run-time host of the compiler: the generator's text, compiled in memory by Roslyn, kept in a per-user cache.</summary>
internal static class RuntimeCompiler
{
    private static readonly CSharpCompilationOptions CompilationOptions = new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        concurrentBuild: false);

    private static readonly Lazy<MetadataReference[]> References = new(() => Referenced().Select(Reference).ToArray());

    public static Sampler Compile(PipelineSpec spec, CompileOptions options)
    {
        var emitted = Compiler.Compile(spec);
        var cache = CompiledSamplerCache.In(options.CacheDirectory);
        if (cache?.Find(emitted) is { } cached && Instance(emitted, cached) is { } sampler)
        {
            return sampler;
        }

        var assembly = Build(emitted);
        cache?.Store(emitted, assembly);
        return Instance(emitted, assembly) ?? throw new InvalidOperationException("the compiled sampler " + emitted.ClassName + " cannot be loaded");
    }

    private static byte[] Build(EmittedSampler emitted)
    {
        var tree = CSharpSyntaxTree.ParseText(
            SourceText.From(emitted.Text, new UTF8Encoding(false)),
            new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None),
            path: emitted.FileName);
        var compilation = CSharpCompilation.Create("Diffusion.Compiled." + emitted.ClassName, [tree], References.Value, CompilationOptions);
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded));
        return result.Success
            ? stream.ToArray()
            : throw new InvalidOperationException("the emitted sampler does not compile; please report this\n" + string.Join("\n", result.Diagnostics) + "\n" + emitted.Text);
    }

    /// <summary>The sampler in an assembly, or null where the bytes are not that assembly (a damaged cache file).</summary>
    private static Sampler? Instance(EmittedSampler emitted, byte[] assembly)
    {
        try
        {
            var context = new AssemblyLoadContext(emitted.ClassName, isCollectible: true);
            // The emitted code must see the very assemblies that are loaded here, wherever they were loaded from.
            context.Resolving += (_, name) => Referenced().FirstOrDefault(loaded => loaded.GetName().Name == name.Name);
            var type = context.LoadFromStream(new MemoryStream(assembly)).GetType("Diffusion.Generated." + emitted.ClassName);
            return type is null ? null : (Sampler?)Activator.CreateInstance(type);
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static Assembly[] Referenced() =>
    [
        typeof(object).Assembly,
        Assembly.Load("System.Runtime"),
        Assembly.Load("netstandard"),
        typeof(PipelineSpec).Assembly,
        typeof(Sampler).Assembly,
        typeof(TorchSharp.torch).Assembly,
    ];

    /// <summary>From the loaded image, not from a file: scripts and single-file programs have none.</summary>
    private static unsafe MetadataReference Reference(Assembly assembly) =>
        assembly.TryGetRawMetadata(out var blob, out var length)
            ? AssemblyMetadata.Create(ModuleMetadata.CreateFromMetadata((nint)blob, length)).GetReference()
            : throw new InvalidOperationException("the metadata of " + assembly.FullName + " cannot be read");
}
