using Diffusion.Dsl;
using Diffusion.Dsl.Emission;
using Diffusion.Dsl.Planning;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <summary>A pipeline with its sampler: immutable, without weights, to be shared by threads. <see cref="Load(Device?, Precision?)"/> brings the weights.</summary>
public sealed class CompiledPipeline
{
    internal CompiledPipeline(ResolvedPipeline resolved, Sampler sampler, Origin origin, CompileOptions options) =>
        (Resolved, Sampler, Origin, Options) = (resolved, sampler, origin, options);

    /// <summary>What was compiled, with what its models' files say.</summary>
    public ResolvedPipeline Resolved { get; }

    /// <summary>The definition.</summary>
    public Pipeline Definition => Resolved.Definition;

    /// <summary>The structure and numbers that the sampler was made for.</summary>
    public PipelineSpec Spec => Resolved.Spec;

    /// <summary>The sampler.</summary>
    public Sampler Sampler { get; }

    /// <summary>Which path made the sampler.</summary>
    public Origin Origin { get; }

    /// <summary>How it was compiled.</summary>
    public CompileOptions Options { get; }

    /// <summary>The steps as the papers write them: a listing with <c>ToString()</c>.</summary>
    public PipelinePlan Plan => Planner.Plan(Spec);

    /// <summary>The C# text of the sampler: the same on every path.</summary>
    public string ToCSharp() => Compiler.Compile(Spec).Text;

    /// <summary>Loads the networks from their files.</summary>
    /// <param name="device">Where they run; null: the CPU.</param>
    /// <param name="precision">Their number format; null chooses, see <see cref="LoadOptions.Precision"/>.</param>
    /// <exception cref="DiffusionException">A file is missing or wrong, or DIF0470: an attention has fewer heads than a slice; nothing stays loaded.</exception>
    public LoadedPipeline Load(Device? device = null, Precision? precision = null) => Load(new LoadOptions { Device = device ?? Device.Cpu, Precision = precision });

    /// <summary>Loads the networks from their files, as the options say.</summary>
    /// <param name="options">Where they run, their number format, and whether they stay between their stages.</param>
    /// <exception cref="DiffusionException">A file is missing or wrong, or DIF0470: an attention has fewer heads than a slice; nothing stays loaded.</exception>
    public LoadedPipeline Load(LoadOptions options) => LoadedPipeline.From(this, options);

    /// <summary>Runs the pipeline with a network the program brings itself; text encoder and autoencoder, where the definition has them, come from their files, in float32 on the CPU.</summary>
    /// <param name="network">The network; the loaded pipeline disposes it.</param>
    /// <exception cref="DiffusionException">A file is missing or wrong, or DIF0421: the worse network of Autoguidance has none.</exception>
    public LoadedPipeline Load(INetwork network) => LoadedPipeline.From(this, network);

    /// <summary>The same with the worse network of <c>Autoguidance</c> brought by the program, too.</summary>
    /// <param name="network">The network; the loaded pipeline disposes it.</param>
    /// <param name="worse">The worse network; the loaded pipeline disposes it. It may be the same object.</param>
    /// <exception cref="DiffusionException">DIF0422: the pipeline has no Autoguidance.</exception>
    public LoadedPipeline Load(INetwork network, INetwork worse) => LoadedPipeline.From(this, network, worse);

    /// <summary>The same with a text encoder that learnt with the network, in float32 on the CPU; the loaded pipeline disposes both.</summary>
    internal LoadedPipeline Load(INetwork network, ClipTextEncoder text) => LoadedPipeline.From(this, network, text: text);

    /// <summary>The definition, its key and where the sampler came from.</summary>
    public override string ToString() => Definition + "\n" + Spec.Key + "\n" + Origin;
}
