using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using Diffusion.Runtime.Text;
using Diffusion.Runtime.Weights;
using TorchSharp;

namespace Diffusion.Runtime.Compilation;

/// <summary>Brings what guidance by gradients needs: its losses with their CLIP models, and networks that gradients pass.</summary>
internal static class SteeringLoader
{
    private const string ClipFolder = "clip_model";

    /// <summary>The losses of a pipeline's guiders by gradients, in order; each belongs to the caller.</summary>
    /// <param name="compiled">The pipeline.</param>
    /// <param name="place">Where the CLIP models are.</param>
    /// <exception cref="DiffusionException">DIF0312: there is no CLIP model; else as <see cref="ClipModel.FromPretrained"/>.</exception>
    public static IReadOnlyList<(GradientGuidance Guider, ISteeringLoss Loss)> Load(CompiledPipeline compiled, torch.Device place)
    {
        var loaded = new List<(GradientGuidance Guider, ISteeringLoss Loss)>();
        try
        {
            foreach (var guider in compiled.Spec.Guiders.OfType<GradientGuidance>())
            {
                loaded.Add((guider, guider switch
                {
                    ColorGuidance color => new ColorLoss(color),
                    LossGuidance loss => new FunctionLoss(loss),
                    ClipGuidance clip => Clip(clip, compiled.Definition.TextModel, place),
                    var other => throw new NotSupportedException(other.GetType().Name),
                }));
            }

            return loaded;
        }
        catch
        {
            loaded.ForEach(term => term.Loss.Dispose());
            throw;
        }
    }

    /// <summary>Lets gradients pass a network on their way to x, which learns nothing.</summary>
    public static void Freeze(torch.nn.Module network)
    {
        foreach (var parameter in network.parameters())
            parameter.requires_grad = false;
    }

    private static ClipLoss Clip(ClipGuidance clip, TextModel? text, torch.Device place)
    {
        var folder = clip.Model is { } named
            ? ModelFolders.Find(named) ?? throw Rules.SteeringImpossible.Error(clip, "names the model '" + named + "', which is no folder", "give the folder of a whole CLIP model")
            : Beside(clip, text);
        var words = ClipTokenizer.Load(Words(folder, text));
        var model = ClipModel.FromPretrained(folder, device: place);
        Freeze(model);
        return new ClipLoss(clip, model, words);
    }

    // The model's own tokenizer, else that of the pipeline, if it has a folder.
    private static string Words(string folder, TextModel? text) =>
        !File.Exists(Path.Combine(folder, "vocab.json")) && text is not null && ModelFolders.Find(text.Source) is { } root ? Path.Combine(root, text.Tokenizer) : folder;

    private static string Beside(ClipGuidance clip, TextModel? text)
    {
        var folder = text is null || ModelFolders.Find(text.Source) is not { } root ? null : Path.Combine(root, ClipFolder);
        return folder is not null && Directory.Exists(folder) ? folder : throw Rules.SteeringImpossible.Error(
            clip,
            "needs a whole CLIP model, with a vision tower, and there is no folder " + ClipFolder + " in " + (text is null ? "any checkpoint of the pipeline" : "'" + text.Source + "'"),
            "name one: Clip(\"a folder\", \"a prompt\")");
    }
}
