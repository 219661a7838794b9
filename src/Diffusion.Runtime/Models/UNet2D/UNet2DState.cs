using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Threading;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>What flows through the blocks of one forward pass. It owns its tensors until they are taken; the model's dispose scope is the safety net.</summary>
/// <param name="hidden">The features, <c>[N, C, H, W]</c>.</param>
/// <param name="time">The time for the resnets; null where they are told none.</param>
/// <param name="image">The input, which Skip blocks carry along, shrinking; on the way up the output that they add up.</param>
/// <param name="checkpoints">Whether resnets and attentions run again in the backward pass instead of keeping their activations.</param>
internal sealed class UNet2DState(Tensor hidden, TimeCondition? time, Tensor? image, bool checkpoints)
{
    private readonly Stack<Tensor> _skips = new([hidden]);

    /// <summary>The features, <c>[N, C, H, W]</c>.</summary>
    public Tensor Hidden { get; private set; } = hidden;

    /// <summary>Down: the shrinking input, <c>[N, 3, H, W]</c>. Up: the growing output, or null before the first Skip block.</summary>
    public Tensor? Image { get; set; } = image;

    /// <summary>The text that transformers look at; null where the network takes none.</summary>
    public TextCondition? Text { get; init; }

    /// <summary>Asked before every resnet: a cancelled pass goes no further.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Height and width of the next skip, or null when none is left.</summary>
    public long[]? NextSize => _skips.TryPeek(out var skip) ? skip.Sizes()[2..] : null;

    /// <summary>What flows through a network without a way up: nothing is kept beside the features.</summary>
    /// <param name="hidden">The features, <c>[N, C, H, W]</c>.</param>
    /// <param name="checkpoints">Whether resnets and attentions run again in the backward pass.</param>
    /// <param name="cancellation">Asked before every resnet.</param>
    public static UNet2DState WithoutSkips(Tensor hidden, bool checkpoints, CancellationToken cancellation)
    {
        var state = new UNet2DState(hidden, time: null, image: null, checkpoints) { Cancellation = cancellation };
        state._skips.Clear();

        return state;
    }

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

    /// <summary>The features behind a resnet and what mixes their places, if there is something; null without a resnet.</summary>
    [return: NotNullIfNotNull(nameof(resnet))]
    public Tensor? Through(ResnetBlock2D? resnet, IFeatureMixer? mixer = null) => resnet is null ? null : Run(resnet, mixer, [Hidden]);

    /// <summary>The same for the features with the latest skip beside them, <c>[N, C + C′, H, W]</c>; the skip is consumed.</summary>
    public Tensor ThroughJoined(ResnetBlock2D resnet, IFeatureMixer? mixer)
    {
        using var skip = _skips.Pop();
        using var both = SharedHalves.Split(skip, Hidden.Sizes()[0]);

        return Run(resnet, mixer, [Hidden, both]);
    }

    private Tensor Run(ResnetBlock2D resnet, IFeatureMixer? mixer, Tensor[] features)
    {
        Cancellation.ThrowIfCancellationRequested();
        if (!checkpoints)
            return Run(resnet, mixer, features, time, Text);

        // Prepared times and texts have no gradient; embeddings have one, so they are inputs.
        var (embedding, states) = ((time as EmbeddedTime)?.Activated, mixer is null ? null : (Text as EmbeddedText)?.States);
        var parameters = resnet.parameters().Concat(mixer?.parameters() ?? []);

        return GradientCheckpoint.Run(
            inputs =>
            {
                var at = features.Length;
                var when = embedding is null ? time : new EmbeddedTime(inputs[at++]);
                var what = states is null ? Text : new EmbeddedText(inputs[at], Text!.Bias);
                return Run(resnet, mixer, inputs[..features.Length], when, what);
            },
            [.. features, .. new[] { embedding, states }.OfType<Tensor>()],
            parameters);
    }

    private static Tensor Run(ResnetBlock2D resnet, IFeatureMixer? mixer, Tensor[] features, TimeCondition? time, TextCondition? text)
    {
        using var joined = features.Length == 1 ? null : cat(features, 1);
        var hidden = resnet.call(joined ?? features[0], time);
        if (mixer is null)
            return hidden;

        using (hidden)
            return mixer.Mix(hidden, text);
    }
}
