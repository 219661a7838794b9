using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>What flows through the blocks of one forward pass. It owns its tensors until they are taken; the model's dispose scope is the safety net.</summary>
/// <param name="hidden">The features, <c>[N, C, H, W]</c>.</param>
/// <param name="time">The time for the resnets.</param>
/// <param name="image">The input, which Skip blocks carry along, shrinking; on the way up the output that they add up.</param>
internal sealed class UNet2DState(Tensor hidden, TimeCondition time, Tensor? image)
{
    private readonly Stack<Tensor> _skips = new([hidden]);

    /// <summary>The features, <c>[N, C, H, W]</c>.</summary>
    public Tensor Hidden { get; private set; } = hidden;

    /// <summary>The time for the resnets.</summary>
    public TimeCondition Time { get; } = time;

    /// <summary>Down: the shrinking input, <c>[N, 3, H, W]</c>. Up: the growing output, or null before the first Skip block.</summary>
    public Tensor? Image { get; set; } = image;

    /// <summary>Height and width of the next skip, or null when none is left.</summary>
    public long[]? NextSize => _skips.TryPeek(out var skip) ? skip.shape[2..] : null;

    /// <summary>Goes on with <paramref name="next"/> and keeps it for the way up.</summary>
    public void Keep(Tensor next) => _skips.Push(Hidden = next);

    /// <summary>Goes on with <paramref name="next"/>; the features before it are no longer needed.</summary>
    public void Replace(Tensor next)
    {
        // By reference: equality of tensors compares their elements.
        if (!_skips.Any(skip => ReferenceEquals(skip, Hidden)))
            Hidden.Dispose();
        Hidden = next;
    }

    /// <summary>The features with the latest skip beside them, <c>[N, C + C′, H, W]</c>; both are consumed, the caller disposes the result.</summary>
    public Tensor Join()
    {
        var skip = _skips.Pop();
        var joined = cat([Hidden, skip], 1);
        skip.Dispose();

        return joined;
    }
}
