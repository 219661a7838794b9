using System.IO;
using System.Linq;
using Diffusion.Runtime.Models;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>
/// UNet2DModel: <c>out.sample</c> from <c>in.sample</c>, <c>in.timestep</c> and <c>in.class_labels</c>, and <c>out.sample_scalar_t</c> from
/// <c>in.timestep_scalar</c>; once for each file of weights.
/// </summary>
internal sealed class UNet2DCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => golden.IsModel && golden.Word("_class_name") == "UNet2DModel";

    public void Check(GoldenCase golden, Comparison comparison)
    {
        using var recorded = new Recording(Path.Combine(golden.Path, "io.safetensors"));
        if (!recorded.Outputs.Any())
        {
            return;
        }

        foreach (var weights in UNets.Weights(golden.Path))
        {
            using var model = UNets.Load(golden.Content, weights);
            model.eval();
            foreach (var output in recorded.Outputs)
            {
                using var expected = recorded[output];
                using var actual = Run(model, recorded, output);
                comparison.Close($"{output} with {Path.GetFileName(weights)}", expected, actual);
            }
        }
    }

    private static Tensor Run(UNet2DModel model, Recording recorded, string output)
    {
        using var sample = recorded["in.sample"];
        using var labels = recorded.Find("in.class_labels");
        using var timestep = output switch
        {
            "out.sample" => recorded["in.timestep"],
            "out.sample_scalar_t" => recorded["in.timestep_scalar"],
            _ => throw new GoldenException($"nothing is known to give '{output}'"),
        };
        return model.call(sample, timestep, labels);
    }
}
