using System;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>
/// Sinusoids of timesteps, <c>[N]</c> to <c>[N, dim]</c> in float32: sin(t ω_k) and cos(t ω_k) with ω_k = 10000^(−k / (dim/2 − shift)), as in
/// the transformer (arXiv:1706.03762) and DDPM.
/// </summary>
/// <param name="dim">Length of the embedding; an odd one ends in a zero.</param>
/// <param name="flipSinToCos">Whether cosines come first.</param>
/// <param name="frequencyShift">Subtracted from dim/2 before the frequencies are spaced: 1 makes the last exactly 1/10000.</param>
public sealed class Timesteps(int dim, bool flipSinToCos, double frequencyShift) : Layer(nameof(Timesteps))
{
    private const double MaxPeriod = 10000;

    /// <inheritdoc/>
    public override Tensor forward(Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        var half = dim / 2;

        // float32 throughout, in diffusers' order of operations.
        var frequencies = Arithmetic.Over(Arithmetic.Times(Arithmetic.Range(half, ScalarType.Float32, timesteps.device), -Math.Log(MaxPeriod)), half - frequencyShift).exp();
        var angles = timesteps.to(ScalarType.Float32).unsqueeze(1) * frequencies.unsqueeze(0);
        var embedding = flipSinToCos ? cat([angles.cos(), angles.sin()], -1) : cat([angles.sin(), angles.cos()], -1);
        if (dim % 2 == 1)
            embedding = F.pad(embedding, [0, 1]);

        return embedding.MoveToOuterDisposeScope();
    }
}
