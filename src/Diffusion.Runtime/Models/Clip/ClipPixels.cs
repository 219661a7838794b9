using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Pictures as CLIP's vision tower wants them: in [0, 1], less the mean and divided by the deviation of its training pictures.</summary>
public static partial class ClipPixels
{
    private static readonly float[] Mean = [0.48145466f, 0.4578275f, 0.40821073f];
    private static readonly float[] Deviation = [0.26862954f, 0.26130258f, 0.27577711f];

    /// <summary>Normalises pictures in [−1, 1], with their gradient.</summary>
    /// <param name="pictures">[N, 3, H, W], in [−1, 1], as the diffusion models see them.</param>
    /// <param name="asInCourse">The course (unit 2, notebook 1) forgets to bring the pictures into [0, 1] first: everything is twice as strong and too dark.</param>
    /// <returns>[N, 3, H, W]; the caller's to dispose.</returns>
    public static Tensor Normalize(Tensor pictures, bool asInCourse = false)
    {
        using var scope = NewDisposeScope();
        var unit = asInCourse ? pictures : Arithmetic.Over(Arithmetic.Plus(pictures, 1), 2);
        return ((unit - Channels(Mean, pictures)) / Channels(Deviation, pictures)).MoveToOuterDisposeScope();
    }

    private static Tensor Channels(float[] values, Tensor like) => tensor(values, dtype: like.dtype, device: like.device).view(1, 3, 1, 1);
}
