using System;

namespace Diffusion.Runtime.Models;

/// <summary>Which parameters of a CLIP checkpoint are a model's.</summary>
public static class ClipKeys
{
    /// <summary>The name a parameter has; null for the numbers of places, 0, 1, 2, …, that old checkpoints hold.</summary>
    /// <param name="name">A name of a state dict, such as <c>text_model.embeddings.position_ids</c>.</param>
    public static string? Rename(string name) => name.EndsWith(".position_ids", StringComparison.Ordinal) ? null : name;

    /// <summary>The same for a text tower with projection, which leaves out the rest of a whole CLIP.</summary>
    /// <param name="name">A name of a state dict.</param>
    public static string? OfProjectedText(string name) => IsVision(name) || name == "logit_scale" ? null : Rename(name);

    /// <summary>The same for a text tower without projection.</summary>
    /// <param name="name">A name of a state dict.</param>
    public static string? OfText(string name) => name == "text_projection.weight" ? null : OfProjectedText(name);

    /// <summary>The same for a vision tower without projection.</summary>
    /// <param name="name">A name of a state dict.</param>
    public static string? OfVision(string name) =>
        name.StartsWith("text_model.", StringComparison.Ordinal) || name is "text_projection.weight" or "visual_projection.weight" or "logit_scale" ? null : Rename(name);

    private static bool IsVision(string name) => name.StartsWith("vision_model.", StringComparison.Ordinal) || name == "visual_projection.weight";
}
