using System;

namespace Diffusion.Runtime.Models;

/// <summary>The parameter names of old checkpoints.</summary>
public static class UNet2DKeys
{
    private static readonly (string Old, string New)[] Renames =
    [
        (".query.", ".to_q."),
        (".key.", ".to_k."),
        (".value.", ".to_v."),
        (".proj_attn.", ".to_out.0."),
    ];

    /// <summary>
    /// The name a parameter has now: before diffusers 0.15 attention layers were called query, key, value and proj_attn, and the frequencies of a
    /// fourier embedding <c>time_proj.W</c>. Other names stay.
    /// </summary>
    /// <param name="name">A name of a state dict, such as <c>mid_block.attentions.0.query.weight</c>.</param>
    public static string Rename(string name)
    {
        if (name == "time_proj.W")
            return "time_proj.weight";
        if (!name.Contains(".attentions.", StringComparison.Ordinal))
            return name;
        foreach (var (old, now) in Renames)
            name = name.Replace(old, now, StringComparison.Ordinal);

        return name;
    }
}
