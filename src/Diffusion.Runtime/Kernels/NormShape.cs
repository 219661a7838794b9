using static TorchSharp.torch;

namespace Diffusion.Runtime.Kernels;

/// <summary>Sizes of a group norm over <c>[N, C, …]</c>, and where each group begins.</summary>
internal sealed class NormShape(Tensor x, long groups)
{
    private readonly int _groups = (int)groups;

    /// <summary>Groups of all samples.</summary>
    public int Groups { get; } = (int)(x.Sizes()[0] * groups);

    /// <summary>Channels of a group.</summary>
    public int Channels { get; } = (int)(x.Sizes()[1] / groups);

    /// <summary>Pixels of a channel.</summary>
    public int Pixels { get; } = (int)(x.numel() / (x.Sizes()[0] * x.Sizes()[1]));

    /// <summary>Elements in all.</summary>
    public long Work => (long)Groups * Channels * Pixels;

    /// <summary>Floats before a group.</summary>
    public nint Offset(int group) => (nint)group * Channels * Pixels;

    /// <summary>The first channel of a group, counted from 0 in each sample.</summary>
    public int Channel(int group) => group % _groups * Channels;
}
