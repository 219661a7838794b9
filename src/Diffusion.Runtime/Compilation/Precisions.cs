using Diffusion.Dsl;
using Diffusion.Dsl.Estimation;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Native;
using Diffusion.Runtime.Weights;

namespace Diffusion.Runtime.Compilation;

/// <summary>The number format of each network.</summary>
/// <param name="Network">Of the denoising network.</param>
/// <param name="Others">Of text encoder and autoencoder.</param>
internal sealed record Precisions(Precision Network, Precision Others)
{
    // Smaller networks are fast enough in float32, and then equal to diffusers to float precision.
    private const long FewestParameters = 100_000_000;

    /// <summary>The formats that a user asks for, or the best there are for the device: see <see cref="LoadOptions.Precision"/>.</summary>
    public static Precisions Of(CompiledPipeline compiled, LoadOptions options)
    {
        if (options.Precision is { } said)
        {
            return new(said, said);
        }

        var isCpu = options.Device.Kind == "cpu";
        return (isCpu && !Processor.HasBFloat16) || Parameters(compiled.Definition) < FewestParameters
            ? new(Precision.Float32, Precision.Float32)
            : new(Precision.BFloat16, isCpu ? Precision.Float32 : Precision.BFloat16);
    }

    private static long Parameters(Pipeline pipeline)
    {
        var configs = ModelConfigs.Read(pipeline, new DiskModelFiles(pipeline.PredictionType));
        foreach (var component in MemoryEstimate.Of(pipeline, configs).Components)
        {
            if (component.Name == "unet")
            {
                return component.Parameters;
            }
        }

        return 0;
    }
}
