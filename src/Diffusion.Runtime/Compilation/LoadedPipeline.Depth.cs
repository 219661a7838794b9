using System;
using System.Collections.Generic;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <content>Pictures that keep the depth of a picture.</content>
public sealed partial class LoadedPipeline
{
    /// <summary>
    /// Generates pictures of a prompt that keep what is near and far in a picture, with a UNet that reads depth (5 input channels). The picture is encoded and gets the noise of
    /// the pipeline's first step (see <see cref="Pipeline.Strength"/>; 0.8 is usual), as in <see cref="GenerateFrom(IEnumerable{Image}, string, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.
    /// Parity target: diffusers' <c>StableDiffusionDepth2ImgPipeline</c>, whose depth estimator stays the caller's.
    /// </summary>
    /// <param name="image">The picture, of the pipeline's size, in colour.</param>
    /// <param name="depth">Its depth, of any size and range: light is near, as MiDaS has it.</param>
    /// <param name="prompt">What all results are to show.</param>
    /// <param name="count">How many results, at least 1.</param>
    /// <param name="seed">The seed of the first result.</param>
    /// <param name="batch">How many are sampled at once.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">
    /// DIF0440: the UNet reads no depth. DIF0441: the depth is the same everywhere. DIF0410: the picture has another size; otherwise as
    /// <see cref="Generate(string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages DepthToImage(Image image, Image depth, string prompt, int count = 1, long seed = 0, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default) =>
        Sampled(OfDepth(image, depth, prompt, count, seed, batch, "generate"), progress, cancellation);

    /// <summary>The same for several pictures, with depths as an estimator gives them.</summary>
    /// <param name="images">The pictures, all of the pipeline's size, in colour.</param>
    /// <param name="depths">The depth of each, <c>[N, 1, H, W]</c> of any size, floating-point, in any unit: great is near.</param>
    /// <param name="prompt">What all results are to show.</param>
    /// <param name="seed">The seed of the first result.</param>
    /// <param name="batch">How many are sampled at once.</param>
    /// <param name="progress">Told after every step, and of the stages around them.</param>
    /// <param name="cancellation">Checked before every step and between the networks' blocks.</param>
    /// <exception cref="DiffusionException">DIF0410: a picture has another size, or the depths another shape; otherwise as <see cref="DepthToImage(Image, Image, string, int, long, int, IProgress{SamplingProgress}?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; nothing stays allocated.</exception>
    public GeneratedImages DepthToImage(IEnumerable<Image> images, Tensor depths, string prompt, long seed = 0, int batch = PromptBatch, IProgress<SamplingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(depths);
        Image[] given = [.. images];
        var (prompts, seeds) = (Repeated(prompt, given.Length), Seeds(seed, given.Length));
        return depths.dim() == 4 && depths.shape[0] == given.Length && depths.shape[1] == 1 && depths.numel() > 0
            ? Sampled(OfDepths(given, DepthMap.Of(depths), prompts, seeds, batch, "generate"), progress, cancellation)
            : throw Rules.InputShape.Error("the tensor of depths", "[" + string.Join(", ", depths.shape) + "]", nameof(DepthToImage), FormattableString.Invariant($"[{given.Length}, 1, H, W]"), "give one map for each picture");
    }

    private GenerationRequest OfDepth(Image image, Image depth, string prompt, int count, long seed, int batch, string verb)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(depth);
        var (prompts, seeds) = (Repeated(prompt, count), Seeds(seed, count));
        return OfDepths(Repeated(image, count), Repeated(DepthMap.Of(depth), count), prompts, seeds, batch, verb);
    }
}
