using System;

namespace Diffusion.Dsl;

/// <summary>Mistakes of the diffusion course in guidance by gradients (unit 2, notebook 1), each a switch. <see cref="ScaleSchedule.AsInCourse"/> is one more.</summary>
[Flags]
public enum GuidanceErrata
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Pictures in [−1, 1] go to CLIP's mean and deviation as if they were in [0, 1].</summary>
    UnmappedPixels = 1,

    /// <summary>The loss is a mean over the batch, so that a picture's gradient is divided by the number of pictures.</summary>
    MeanOverBatch = 2,

    /// <summary>The gradient passes the sampler's clamp of x̂_0: it is 0 wherever x̂_0 is cut off.</summary>
    PassesClamp = 4,

    /// <summary>All of them.</summary>
    All = UnmappedPixels | MeanOverBatch | PassesClamp,
}
