using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// The loss of an <see cref="Objective"/> on a noise schedule: the mean over all elements of w_t (m − target)², where the network sees
/// √ᾱ_t x_0 + √(1 − ᾱ_t) ε and is told t. With <see cref="Objectives.Epsilon"/> it is L_simple of Ho et al. (2020), arXiv:2006.11239, Eq. (14).
/// </summary>
/// <remarks>
/// Weights, signal and noise are tables, computed in double and rounded to float32 once. Parity target: diffusers' training scripts, which multiply
/// each sample's mean squared error by its weight and take the mean over the batch.
/// </remarks>
public sealed class ObjectiveLoss : IDisposable
{
    private readonly Tensor signal;
    private readonly Tensor noise;
    private readonly Tensor targetOfClean;
    private readonly Tensor targetOfNoise;
    private readonly Tensor? weights;

    /// <summary>The loss of an objective on a noise schedule.</summary>
    /// <param name="objective">What the network learns, and how much errors count.</param>
    /// <param name="schedule">How noisy each timestep is.</param>
    /// <exception cref="DiffusionException">DIF0220, DIF0223: everything that is wrong with the objective on this schedule.</exception>
    public ObjectiveLoss(Objective objective, NoiseSchedule schedule)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(schedule);
        var findings = objective.Check(schedule);
        if (findings.Count > 0)
            throw new DiffusionException(findings);

        Objective = objective;
        Native.LibTorch.Require();
        var curve = schedule.Curve();
        var levels = Enumerable.Range(0, curve.Count).Select(t => NoiseLevel.OfAlphaBar(curve.AlphaBar(t))).ToArray();
        signal = Table(levels, level => level.Alpha);
        noise = Table(levels, level => level.Sigma);
        targetOfClean = Table(levels, level => objective.TargetAt(level).Clean);
        targetOfNoise = Table(levels, level => objective.TargetAt(level).Noise);
        weights = objective.Weighting is UniformWeighting ? null : Table(levels, objective.WeightAt);
    }

    /// <summary>What the network learns, and how much errors count.</summary>
    public Objective Objective { get; }

    /// <summary>T: timesteps are 0 to T − 1.</summary>
    public long TrainTimesteps => signal.shape[0];

    /// <summary>The loss of one batch at random timesteps; draws t first, uniformly, then ε, both on the CPU, so that every device gives the same.</summary>
    /// <param name="network">(x_t <c>[N, …]</c>, t <c>[N]</c> int64) → m <c>[N, …]</c>.</param>
    /// <param name="clean">x_0, shape <c>[N, …]</c>, floating point, on any device, range [-1, 1].</param>
    /// <param name="random">Where the timesteps and the noise come from.</param>
    /// <returns>A scalar with its graph; temporaries belong to the caller's dispose scope.</returns>
    public Tensor Loss(Func<Tensor, Tensor, Tensor> network, Tensor clean, Generator random)
    {
        ArgumentNullException.ThrowIfNull(clean);
        var timesteps = randint(0, TrainTimesteps, [clean.shape[0]], ScalarType.Int64, generator: random);
        var drawn = randn(clean.shape, generator: random).to(clean.dtype, clean.device);
        return Loss(network, clean, drawn, timesteps);
    }

    /// <summary>The loss of one batch at given timesteps with given noise.</summary>
    /// <param name="network">(x_t <c>[N, …]</c>, t <c>[N]</c> int64) → m <c>[N, …]</c>.</param>
    /// <param name="clean">x_0, shape <c>[N, …]</c>, floating point, on any device, range [-1, 1].</param>
    /// <param name="drawn">ε, of the clean sample's shape, type and device.</param>
    /// <param name="timesteps">t, <c>[N]</c> int64 on the CPU, each 0 to T − 1.</param>
    /// <returns>A scalar with its graph; temporaries belong to the caller's dispose scope.</returns>
    /// <exception cref="DiffusionException">DIF0410: shapes do not match. DIF0412: a timestep is outside training.</exception>
    public Tensor Loss(Func<Tensor, Tensor, Tensor> network, Tensor clean, Tensor drawn, Tensor timesteps)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(drawn);
        ArgumentNullException.ThrowIfNull(timesteps);
        Check(clean, drawn, timesteps);
        var noisy = Arithmetic.Plus(At(signal, timesteps, clean) * clean, At(noise, timesteps, clean) * drawn);
        var output = network(noisy, timesteps.to(clean.device));
        var target = Target(clean, drawn, timesteps);
        if (!output.shape.SequenceEqual(target.shape))
            throw Rules.InputShape.Error("the network's output", Shape(output), "the loss", Shape(target), "give a network whose output has the shape of its input");

        return weights is null
            ? nn.functional.mse_loss(output, target)
            : (Arithmetic.Square(output - target) * At(weights, timesteps, clean)).mean();
    }

    /// <summary>Frees the tables.</summary>
    public void Dispose()
    {
        signal.Dispose();
        noise.Dispose();
        targetOfClean.Dispose();
        targetOfNoise.Dispose();
        weights?.Dispose();
    }

    private static Tensor Table(IReadOnlyList<NoiseLevel> levels, Func<NoiseLevel, double> value) =>
        tensor(levels.Select(level => (float)value(level)).ToArray()).DetachFromDisposeScope();

    // One number a sample, as a column beside it.
    private static Tensor At(Tensor table, Tensor timesteps, Tensor like) =>
        table[timesteps].view([-1, .. Enumerable.Repeat(1L, (int)like.dim() - 1)]).to(like.dtype, like.device);

    private static string Shape(Tensor tensor) => "[" + string.Join(", ", tensor.shape) + "]";

    private Tensor Target(Tensor clean, Tensor drawn, Tensor timesteps) => Objective.Prediction switch
    {
        PredictionType.Epsilon => drawn,
        PredictionType.Sample => clean,
        _ => Arithmetic.Plus(At(targetOfClean, timesteps, clean) * clean, At(targetOfNoise, timesteps, clean) * drawn),
    };

    private void Check(Tensor clean, Tensor drawn, Tensor timesteps)
    {
        if (!drawn.shape.SequenceEqual(clean.shape))
            throw Rules.InputShape.Error("the noise", Shape(drawn), "the loss", Shape(clean), "draw noise of the clean sample's shape");

        if (timesteps.dim() != 1 || timesteps.shape[0] != clean.shape[0])
            throw Rules.InputShape.Error("the tensor of timesteps", Shape(timesteps), "the loss", $"[{clean.shape[0]}]", "give one timestep for each sample");

        if (timesteps.numel() > 0 && Array.Find(timesteps.data<long>().ToArray(), t => t < 0 || t >= TrainTimesteps) is var outside && (outside < 0 || outside >= TrainTimesteps))
            throw Rules.IndexOutOfTable.Error("the timestep", outside, $"{TrainTimesteps} timesteps", TrainTimesteps - 1);
    }
}
