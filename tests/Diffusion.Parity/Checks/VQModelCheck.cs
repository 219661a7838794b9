using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>VQModel: the latents of <c>in.image</c>, their nearest vectors, and both decoded; once for each file of weights.</summary>
internal sealed class VQModelCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => golden.IsModel && golden.Word("_class_name") == "VQModel";

    public void Check(GoldenCase golden, Comparison comparison)
    {
        using var recorded = new Recording(Path.Combine(golden.Path, "io.safetensors"));
        foreach (var weights in UNets.Weights(golden.Path))
        {
            using var model = Load(golden.Content, weights);
            foreach (var output in recorded.Outputs)
            {
                using var scope = NewDisposeScope();
                var (what, expected, actual) = ($"{output} with {Path.GetFileName(weights)}", recorded[output], Run(model, recorded, output));
                if (expected.dtype == ScalarType.Int64)
                {
                    comparison.Same(what, expected.data<long>().ToArray(), actual.flatten().data<long>().ToArray());
                }
                else
                {
                    comparison.Close(what, expected, actual);
                }
            }
        }
    }

    private static VQModel Load(JsonValue config, string weights)
    {
        using var reader = Checkpoint.Open(weights);
        var model = VQModel.FromConfig(VQModelConfig.FromJson(config), LayerOptions.Unset());
        StateDict.Load(model, reader, UNet2DKeys.Rename);
        model.eval();
        return model;
    }

    private static Tensor Run(VQModel model, Recording recorded, string output)
    {
        var latents = model.Encode(recorded["in.image"]);

        return output switch
        {
            "out.latents" => latents,
            "out.quantized" => model.Quantize(latents).Quantized,
            "out.indices" => model.Quantize(latents).Indices,
            "out.decoded" => model.Decode(latents),
            "out.decoded_force_not_quantize" => model.DecodeQuantized(latents),
            _ => throw new GoldenException($"nothing is known to give '{output}'"),
        };
    }
}
