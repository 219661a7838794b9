using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Text;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Sampling;

/// <summary>Half the squared angle between CLIP's embeddings of crops of x̂_0 and of a target, the mean over a picture's crops. It owns the model.</summary>
internal sealed class ClipLoss : ISteeringLoss
{
    private readonly ClipGuidance guidance;
    private readonly ClipModel model;
    private readonly Tensor target;

    /// <param name="guidance">The definition.</param>
    /// <param name="model">The model, whose parameters take no gradients; disposed with this.</param>
    /// <param name="tokenizer">What reads the prompt.</param>
    public ClipLoss(ClipGuidance guidance, ClipModel model, ClipTokenizer tokenizer)
    {
        (this.guidance, this.model) = (guidance, model);
        using var recording = no_grad();
        target = (guidance.Picture is { } file ? model.ImageFeatures([Image.Load(file)]) : model.TextFeatures([tokenizer.Encode(guidance.Prompt)])).DetachFromDisposeScope();
    }

    public Tensor Of(SteeredSample clean)
    {
        var pictures = clean.Pictures;
        var (count, color) = (pictures.shape[0], pictures.shape[1] == 1 ? pictures.expand(-1, 3, -1, -1) : pictures);
        var crops = CutoutSampler.Take(color, guidance.Cuts, guidance.Cutouts, model.Config.Vision.ImageSize, clean.Seeds, clean.Index);
        var pixels = ClipPixels.Normalize(crops, guidance.Errata.HasFlag(GuidanceErrata.UnmappedPixels));
        return GreatCircle.HalfSquaredAngle(model.ImageFeatures(pixels.to(model.DType)), target).to(ScalarType.Float32).view(count, guidance.Cuts).mean([1]);
    }

    public void Dispose()
    {
        target.Dispose();
        model.Dispose();
    }
}
