using System;
using System.Collections.Generic;
using Diffusion.Dsl;
using Diffusion.Runtime.Sampling;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Compilation;

/// <summary>What one call of a loaded pipeline asks for.</summary>
/// <param name="Seeds">The seed of each picture.</param>
/// <param name="Batch">How many are sampled at once.</param>
internal sealed record GenerationRequest(IReadOnlyList<long> Seeds, int Batch)
{
    /// <summary>How many pictures.</summary>
    public int Count => Seeds.Count;

    /// <summary>The labels of all pictures.</summary>
    public Conditions Labels { get; init; } = Conditions.None;

    /// <summary>What each picture is to show; null where the pipeline takes no text.</summary>
    public IReadOnlyList<Prompt>? Prompts { get; init; }

    /// <summary>The noise of pictures by the number of the first and how many they are; null: that of their seeds.</summary>
    public Func<int, int, INoiseSource>? Noise { get; init; }

    /// <summary>The pictures to start from, <c>[Count, C, H, W]</c> in [−1, 1]; null: from noise.</summary>
    public Tensor? Pictures { get; init; }

    /// <summary>What the pictures to start from are, for receipts; null: there are none.</summary>
    public IReadOnlyList<PixelHash>? From { get; init; }

    /// <summary>What the mask is, for receipts; null: there is none.</summary>
    public PixelHash? MaskHash { get; init; }

    /// <summary>The depth of each picture, as the network reads it behind x: <c>[Count, 1, h, w]</c> in [−1, 1]; null where there is none.</summary>
    public Tensor? Depth { get; init; }

    /// <summary>Small pictures that are made large, as the network reads them behind x but for their noise: <c>[Count, 3, h, w]</c> in [−1, 1], x being as large; null: none.</summary>
    public Tensor? Small { get; init; }

    /// <summary>How noisy the small pictures are made.</summary>
    public NoiseLevel SmallNoise { get; init; } = NoiseLevel.Clean;

    /// <summary>Where pictures are made new, <c>[Count, 1, H, W]</c>: 1 new, 0 kept; null: everywhere.</summary>
    public Tensor? Mask { get; init; }
}
