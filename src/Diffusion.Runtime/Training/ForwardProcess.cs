using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// The forward process of Ho, Jain and Abbeel (2020), arXiv:2006.11239: from a clean sample x_0 to its noisy x_t, for a batch in which every
/// sample has its own timestep. Clean samples may have any shape [N, …] and be on any device.
/// </summary>
/// <remarks>Parity target: <c>add_noise</c> and <c>get_velocity</c> of diffusers' DDPMScheduler.</remarks>
public static class ForwardProcess
{
    /// <summary>Eq. (4): x_t = √ᾱ_t x_0 + √(1 − ᾱ_t) ε.</summary>
    /// <param name="curve">ᾱ_t of the noise schedule.</param>
    /// <param name="clean">x_0, [N, …], floating point.</param>
    /// <param name="noise">ε, of the clean sample's shape, type and device.</param>
    /// <param name="timesteps">t, [N] or one for all [], int64, each 0 to T − 1.</param>
    /// <returns>A new tensor of the clean sample's shape and type.</returns>
    /// <exception cref="DiffusionException">DIF0410: shapes do not match. DIF0412: a timestep is outside training.</exception>
    public static Tensor AddNoise(NoiseCurve curve, Tensor clean, Tensor noise, Tensor timesteps) =>
        Combine(curve, clean, noise, timesteps, (signal, deviation) => Arithmetic.Plus(signal * clean, deviation * noise));

    /// <summary>What a v-prediction network learns: v = √ᾱ_t ε − √(1 − ᾱ_t) x_0 (arXiv:2202.00512, appendix D).</summary>
    /// <param name="curve">ᾱ_t of the noise schedule.</param>
    /// <param name="clean">x_0, [N, …], floating point.</param>
    /// <param name="noise">ε, of the clean sample's shape, type and device.</param>
    /// <param name="timesteps">t, [N] or one for all [], int64, each 0 to T − 1.</param>
    /// <returns>A new tensor of the clean sample's shape and type.</returns>
    /// <exception cref="DiffusionException">DIF0410: shapes do not match. DIF0412: a timestep is outside training.</exception>
    public static Tensor Velocity(NoiseCurve curve, Tensor clean, Tensor noise, Tensor timesteps) =>
        Combine(curve, clean, noise, timesteps, (signal, deviation) => (signal * noise) - (deviation * clean));

    /// <summary>x = α x_0 + σ ε at noise levels, which samplers with levels of their own need: image-to-image starts there.</summary>
    /// <param name="levels">One for each sample, or one for all.</param>
    /// <param name="clean">x_0, [N, …], floating point.</param>
    /// <param name="noise">ε, of the clean sample's shape, type and device.</param>
    /// <returns>A new tensor of the clean sample's shape and type.</returns>
    /// <exception cref="DiffusionException">DIF0410: shapes do not match.</exception>
    public static Tensor AddNoise(IReadOnlyList<NoiseLevel> levels, Tensor clean, Tensor noise) =>
        Combine(levels, clean, noise, (signal, deviation) => Arithmetic.Plus(signal * clean, deviation * noise));

    private static Tensor Combine(NoiseCurve curve, Tensor clean, Tensor noise, Tensor timesteps, Func<Tensor, Tensor, Tensor> formula)
    {
        ArgumentNullException.ThrowIfNull(curve);
        if (timesteps.dim() > 1 || (timesteps.dim() == 1 && timesteps.shape[0] != clean.shape[0]))
            throw Rules.InputShape.Error("the tensor of timesteps", Shape(timesteps), "the forward process", $"[] or [{clean.shape[0]}]", "give one timestep, or one for each sample");

        using var whole = timesteps.to(ScalarType.Int64);
        using var local = whole.cpu();
        return Combine(Array.ConvertAll(local.data<long>().ToArray(), Level), clean, noise, formula);

        NoiseLevel Level(long timestep) => timestep >= 0 && timestep < curve.Count
            ? NoiseLevel.OfAlphaBar(curve.AlphaBar((int)timestep))
            : throw Rules.IndexOutOfTable.Error("the timestep", timestep, $"{curve.Count} timesteps", curve.Count - 1);
    }

    private static Tensor Combine(IReadOnlyList<NoiseLevel> levels, Tensor clean, Tensor noise, Func<Tensor, Tensor, Tensor> formula)
    {
        if (!noise.shape.SequenceEqual(clean.shape))
            throw Rules.InputShape.Error("the noise", Shape(noise), "the forward process", Shape(clean), "draw noise of the clean sample's shape");

        if (levels.Count != 1 && levels.Count != clean.shape[0])
            throw Rules.InputShape.Error("the list of noise levels", $"[{levels.Count}]", "the forward process", $"[1] or [{clean.shape[0]}]", "give one level, or one for each sample");

        using var scope = NewDisposeScope();
        var column = levels.Count == 1 ? [] : clean.shape.Select((_, axis) => axis == 0 ? -1L : 1L).ToArray();
        return formula(Column(level => level.Alpha), Column(level => level.Sigma)).MoveToOuterDisposeScope();

        Tensor Column(Func<NoiseLevel, double> value) => tensor(levels.Select(value).ToArray()).reshape(column).to(clean.dtype).to(clean.device);
    }

    private static string Shape(Tensor tensor) => "[" + string.Join(", ", tensor.shape) + "]";
}
