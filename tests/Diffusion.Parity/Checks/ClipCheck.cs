using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>
/// CLIP's text encoders, with and without projection, and the whole CLIP: hidden states, pooled vectors, masks, short texts, embeddings and similarities; once
/// for each file of weights.
/// </summary>
internal sealed class ClipCheck : IParityCheck
{
    private const string HiddenState = "out.hidden_states.";

    public bool Takes(GoldenCase golden) => golden.IsModel && golden.Word("model_type") is "clip_text_model" or "clip";

    public void Check(GoldenCase golden, Comparison comparison)
    {
        using var recorded = new Recording(Path.Combine(golden.Path, "io.safetensors"));
        foreach (var weights in new[] { "model.safetensors", "pytorch_model.bin" }.Select(name => Path.Combine(golden.Path, name)).Where(File.Exists))
        {
            using var scope = NewDisposeScope();
            var outputs = golden.Word("model_type") == "clip" ? Whole(golden.Content, weights, recorded) : Text(golden.Content, weights, recorded);
            foreach (var output in recorded.Names.Where(name => name.StartsWith("out.", StringComparison.Ordinal) || name.StartsWith("dbg.", StringComparison.Ordinal)))
            {
                var actual = outputs.GetValueOrDefault(output) ?? throw new GoldenException($"nothing is known to give '{output}'");
                comparison.Close($"{output} with {Path.GetFileName(weights)}", recorded[output], actual);
            }
        }
    }

    private static Dictionary<string, Tensor> Text(JsonValue json, string weights, Recording recorded)
    {
        using var reader = Checkpoint.Open(weights);
        var config = ClipTextConfig.FromJson(json);
        var isProjected = reader.Entries.Any(entry => entry.Name == "text_projection.weight");
        using ClipTextNetwork model = isProjected ? ClipTextModelWithProjection.FromConfig(config, LayerOptions.Unset()) : ClipTextModel.FromConfig(config, LayerOptions.Unset());
        StateDict.Load(model, reader, isProjected ? ClipKeys.OfProjectedText : ClipKeys.OfText);
        model.eval();

        var ids = recorded["in.input_ids"];
        var all = model.Forward(ids, hiddenStates: true);
        var outputs = new Dictionary<string, Tensor>
        {
            ["out.last_hidden_state"] = all.LastHiddenState,
            ["out.pooler_output"] = all.PoolerOutput,
            ["out.last_hidden_state_masked"] = model.Forward(ids, recorded["in.attention_mask"]).LastHiddenState,
            ["out.last_hidden_state_short"] = model.Forward(recorded["in.input_ids_short"]).LastHiddenState,
            ["out.clip_skip1_normed"] = model.Encode(model.Embed(ids), ClipLayer.Skipped(1)).Values,
        };
        if (all.TextEmbeds is not null)
        {
            outputs["out.text_embeds"] = all.TextEmbeds;
        }

        for (var i = 0; i < all.HiddenStates.Count; i++)
        {
            outputs[HiddenState + i] = all.HiddenStates[i];
        }

        return outputs;
    }

    private static Dictionary<string, Tensor> Whole(JsonValue json, string weights, Recording recorded)
    {
        using var reader = Checkpoint.Open(weights);
        using var model = ClipModel.FromConfig(ClipConfig.FromJson(json), LayerOptions.Unset());
        StateDict.Load(model, reader, ClipKeys.Rename);
        model.eval();

        var (ids, pixels) = (recorded["in.input_ids"], recorded["in.pixel_values"]);
        var (both, text, image) = (model.call(ids, pixels), model.Text(ids), model.Image(pixels));

        return new()
        {
            ["out.text_embeds"] = both.TextEmbeds,
            ["out.image_embeds"] = both.ImageEmbeds,
            ["out.logits_per_text"] = both.LogitsPerText,
            ["out.logits_per_image"] = both.LogitsPerImage,
            ["out.text_features"] = model.TextFeatures(ids),
            ["out.image_features"] = model.ImageFeatures(pixels),
            ["out.text_last_hidden_state"] = text.LastHiddenState,
            ["out.text_pooler_output"] = text.PoolerOutput,
            ["out.vision_last_hidden_state"] = image.LastHiddenState,
            ["out.vision_pooler_output"] = image.PoolerOutput,
        };
    }
}
