using System;
using System.Collections.Generic;
using System.Linq;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// The simplified objective of Ho, Jain and Abbeel (2020), arXiv:2006.11239, Eq. (14): the mean of ‖ε − ε_θ(√ᾱ_t x₀ + √(1 − ᾱ_t) ε, t)‖² over all
/// elements, with t uniform over the training timesteps and ε ~ N(0, I).
/// </summary>
public sealed class EpsilonObjective : IDisposable
{
    private readonly Tensor signal;
    private readonly Tensor noise;

    /// <summary>The objective of one noise schedule.</summary>
    /// <param name="alphaBar">ᾱ_t for every training timestep, falling, in (0, 1].</param>
    public EpsilonObjective(IEnumerable<double> alphaBar)
    {
        var table = alphaBar.ToArray();
        signal = tensor(table.Select(a => (float)Math.Sqrt(a)).ToArray()).DetachFromDisposeScope();
        noise = tensor(table.Select(a => (float)Math.Sqrt(1 - a)).ToArray()).DetachFromDisposeScope();
    }

    /// <summary>The loss of one batch at random timesteps; draws t first, then ε.</summary>
    /// <param name="network">(x_t <c>[N, C, H, W]</c>, t <c>[N]</c> int64) → ε̂ <c>[N, C, H, W]</c>.</param>
    /// <param name="clean">x₀, shape <c>[N, C, H, W]</c>, float32 on the CPU, range [-1, 1].</param>
    /// <param name="random">Where the timesteps and the noise come from.</param>
    /// <returns>A scalar with its graph; temporaries belong to the caller's dispose scope.</returns>
    public Tensor Loss(Func<Tensor, Tensor, Tensor> network, Tensor clean, Generator random)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(clean);
        var timesteps = randint(0, signal.shape[0], [clean.shape[0]], ScalarType.Int64, generator: random);
        var target = randn(clean.shape, generator: random);
        var noisy = At(signal, timesteps) * clean + At(noise, timesteps) * target;
        return nn.functional.mse_loss(network(noisy, timesteps), target);
    }

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        signal.Dispose();
        noise.Dispose();
    }

    private static Tensor At(Tensor table, Tensor timesteps) => table[timesteps].view(-1, 1, 1, 1);
}
