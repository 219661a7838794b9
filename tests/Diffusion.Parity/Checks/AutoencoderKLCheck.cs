using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>
/// AutoencoderKL: the distribution of <c>in.image</c>, its sample with <c>in.noise</c>, that decoded, and <c>in.latents</c> decoded; once for each file
/// of weights.
/// </summary>
internal sealed class AutoencoderKLCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => golden.IsModel && golden.Word("_class_name") == "AutoencoderKL";

    public void Check(GoldenCase golden, Comparison comparison)
    {
        using var recorded = new Recording(Path.Combine(golden.Path, "io.safetensors"));
        foreach (var weights in UNets.Weights(golden.Path))
        {
            using var model = Load(golden.Content, weights);
            foreach (var output in recorded.Outputs)
            {
                using var scope = NewDisposeScope();
                comparison.Close($"{output} with {Path.GetFileName(weights)}", recorded[output], Run(model, recorded, output));
            }
        }
    }

    private static AutoencoderKL Load(JsonValue config, string weights)
    {
        using var reader = Checkpoint.Open(weights);
        var model = AutoencoderKL.FromConfig(AutoencoderKLConfig.FromJson(config), LayerOptions.Unset());
        StateDict.Load(model, reader, UNet2DKeys.Rename);
        model.eval();
        return model;
    }

    private static Tensor Run(AutoencoderKL model, Recording recorded, string output)
    {
        DiagonalGaussian Posterior() => model.Encode(recorded["in.image"]);
        Tensor Sample() => Posterior().Sample(recorded["in.noise"]);

        return output switch
        {
            "out.moments" => Posterior().Moments,
            "out.moments_odd" => model.Encode(recorded["in.image_odd"]).Moments,
            "out.mean" => Posterior().Mean,
            "out.logvar" => Posterior().LogVariance,
            "out.std" => Posterior().StandardDeviation,
            "out.kl" => Posterior().Kl(),
            "out.latent_sample" => Sample(),
            "out.decoded" => model.Decode(Sample()),
            "out.decoded_latents" => model.Decode(recorded["in.latents"]),
            _ => throw new GoldenException($"nothing is known to give '{output}'"),
        };
    }
}
