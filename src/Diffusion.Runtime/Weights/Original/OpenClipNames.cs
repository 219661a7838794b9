using System;
using System.Collections.Generic;
using System.Globalization;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>
/// The parameters of a text tower under the names of OpenCLIP (github.com/mlfoundations/open_clip) and under those of transformers. There, query, key and
/// value of an attention are one matrix, one below the other, and the projection stands on its side.
/// </summary>
/// <param name="layers">The number of blocks that are used; those behind are left out.</param>
/// <param name="hasProjection">Whether the model has the projection.</param>
internal sealed class OpenClipNames(int layers, bool hasProjection)
{
    private const string Blocks = "transformer.resblocks.";
    private const string Layers = "text_model.encoder.layers.";

    private static readonly ModuleNames InBlock = new(
    [
        ("ln_1", "layer_norm1"),
        ("ln_2", "layer_norm2"),
        ("mlp.c_fc", "mlp.fc1"),
        ("mlp.c_proj", "mlp.fc2"),
        ("attn.out_proj", "self_attn.out_proj"),
    ]);

    private static readonly (string Name, TensorEdit Edit)[] Thirds = [("q_proj", TensorEdit.FirstThird), ("k_proj", TensorEdit.SecondThird), ("v_proj", TensorEdit.LastThird)];

    /// <summary>What becomes of a tensor; nothing where the model has no place for it, null where it is not known.</summary>
    public IReadOnlyList<NamedEdit>? FromOriginal(string name) => name switch
    {
        "token_embedding.weight" => [new("text_model.embeddings.token_embedding.weight")],
        "positional_embedding" => [new("text_model.embeddings.position_embedding.weight")],
        "ln_final.weight" or "ln_final.bias" => [new("text_model.final_layer_norm" + name["ln_final".Length..])],
        "text_projection" => hasProjection ? [new("text_projection.weight", TensorEdit.Transposed)] : [],
        "text_projection.weight" => hasProjection ? [new(name)] : [],
        "logit_scale" or "attn_mask" => [],
        _ => Block(name, Blocks) is (var layer, var rest) ? layer < layers ? OfBlock(Layers + Text(layer) + ".", rest) : [] : null,
    };

    /// <summary>OpenCLIP's name of a parameter, or null; query, key and value have the same.</summary>
    public static string? ToOriginal(string name) => name switch
    {
        "text_model.embeddings.token_embedding.weight" => "token_embedding.weight",
        "text_model.embeddings.position_embedding.weight" => "positional_embedding",
        "text_model.final_layer_norm.weight" => "ln_final.weight",
        "text_model.final_layer_norm.bias" => "ln_final.bias",
        "text_projection.weight" => "text_projection",
        _ => Block(name, Layers) is (var layer, var rest) && ToBlock(rest) is { } original ? Blocks + Text(layer) + "." + original : null,
    };

    private static NamedEdit[]? OfBlock(string layer, string rest) => rest switch
    {
        "attn.in_proj_weight" => Array.ConvertAll(Thirds, third => new NamedEdit(layer + "self_attn." + third.Name + ".weight", third.Edit)),
        "attn.in_proj_bias" => Array.ConvertAll(Thirds, third => new NamedEdit(layer + "self_attn." + third.Name + ".bias", third.Edit)),
        _ => InBlock.FromOriginal(rest) is { } name ? [new(layer + name)] : null,
    };

    private static string? ToBlock(string rest) => rest switch
    {
        "self_attn.q_proj.weight" or "self_attn.k_proj.weight" or "self_attn.v_proj.weight" => "attn.in_proj_weight",
        "self_attn.q_proj.bias" or "self_attn.k_proj.bias" or "self_attn.v_proj.bias" => "attn.in_proj_bias",
        _ => InBlock.ToOriginal(rest),
    };

    private static (int Layer, string Tail)? Block(string name, string start)
    {
        var end = name.StartsWith(start, StringComparison.Ordinal) ? name.IndexOf('.', start.Length) : -1;

        return end > 0 && int.TryParse(name[start.Length..end], NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? (layer, name[(end + 1)..]) : null;
    }

    private static string Text(int layer) => layer.ToString(CultureInfo.InvariantCulture);
}
