using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>
/// UNet2DConditionModel: <c>out.sample</c> from <c>in.sample</c>, <c>in.timestep</c> and <c>in.encoder_hidden_states</c>; <c>out.sample_masked</c> with
/// <c>in.encoder_attention_mask</c>; <c>out.sample_odd</c> of <c>in.sample_odd</c>. Each plainly, and with times and text prepared where one time serves all.
/// </summary>
internal sealed class UNet2DConditionCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => golden.IsModel && golden.Word("_class_name") == "UNet2DConditionModel";

    public void Check(GoldenCase golden, Comparison comparison)
    {
        using var noGrad = no_grad();
        using var recorded = new Recording(Path.Combine(golden.Path, "io.safetensors"));
        foreach (var weights in UNets.Weights(golden.Path))
        {
            using var reader = Checkpoint.Open(weights);
            using var model = UNet2DConditionModel.FromConfig(UNet2DConditionConfig.FromJson(golden.Content), LayerOptions.Unset());
            StateDict.Load(model, reader);
            model.eval();
            foreach (var output in recorded.Outputs)
            {
                using var scope = NewDisposeScope();
                var (sample, timestep, condition) = Inputs(recorded, output);
                comparison.Close($"{output} with {Path.GetFileName(weights)}", recorded[output], model.forward(sample, timestep, condition));

                // Row by row with everything prepared: the rows' timesteps may differ.
                using var text = model.PrepareText(condition);
                using var times = model.PrepareTimes([.. timestep.to(ScalarType.Float64).reshape(-1).data<double>()], condition);
                var rows = Enumerable.Range(0, times.Count).Select(step => model.Forward(sample, times, step, text)).ToArray();
                var prepared = times.Count == 1 ? rows[0] : cat([.. rows.Select((row, i) => row.narrow(0, i, 1))]);
                comparison.Close($"{output} prepared", recorded[output], prepared);
            }
        }
    }

    private static (Tensor Sample, Tensor Timestep, UNet2DCondition Condition) Inputs(Recording recorded, string output) => (
        output switch
        {
            "out.sample" or "out.sample_masked" or "out.sample_scalar_t" => recorded["in.sample"],
            "out.sample_odd" => recorded["in.sample_odd"],
            _ => throw new GoldenException($"nothing is known to give '{output}'"),
        },
        output == "out.sample_scalar_t" ? recorded["in.timestep_scalar"] : recorded["in.timestep"],
        new UNet2DCondition(
            recorded["in.encoder_hidden_states"],
            output == "out.sample_masked" ? recorded["in.encoder_attention_mask"] : null,
            recorded.Find("in.class_labels"),
            recorded.Find("in.timestep_cond"),
            recorded.Find("in.text_embeds"),
            recorded.Find("in.time_ids")));
}
