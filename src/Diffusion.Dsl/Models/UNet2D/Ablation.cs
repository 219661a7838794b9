namespace Diffusion.Dsl;

/// <summary>What a UNet2DModel has and the course's first network, BasicUNet, has not: each can be left out to see what it costs and gives.</summary>
public enum Ablation
{
    /// <summary>Group normalisation before every activation (arXiv:1803.08494).</summary>
    GroupNorm,

    /// <summary>Dropout in training; it has no parameters.</summary>
    Dropout,

    /// <summary>Several resnets a level: without, one on the way down and two on the way up, one for each skip.</summary>
    SeveralResnets,

    /// <summary>Self-attention, in the levels and in the middle.</summary>
    Attention,

    /// <summary>The timestep, told to every resnet.</summary>
    TimeConditioning,

    /// <summary>Convolutions that halve and double the size: without, means of squares and repeated pixels.</summary>
    LearnedResampling,
}
