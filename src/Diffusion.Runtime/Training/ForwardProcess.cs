using System;
using System.Linq;
using Diffusion.Dsl;
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
        Combine(curve, clean, noise, timesteps, (signal, deviation) => (signal * clean) + (deviation * noise));

    /// <summary>What a v-prediction network learns: v = √ᾱ_t ε − √(1 − ᾱ_t) x_0 (arXiv:2202.00512, appendix D).</summary>
    /// <param name="curve">ᾱ_t of the noise schedule.</param>
    /// <param name="clean">x_0, [N, …], floating point.</param>
    /// <param name="noise">ε, of the clean sample's shape, type and device.</param>
    /// <param name="timesteps">t, [N] or one for all [], int64, each 0 to T − 1.</param>
    /// <returns>A new tensor of the clean sample's shape and type.</returns>
    /// <exception cref="DiffusionException">DIF0410: shapes do not match. DIF0412: a timestep is outside training.</exception>
    public static Tensor Velocity(NoiseCurve curve, Tensor clean, Tensor noise, Tensor timesteps) =>
        Combine(curve, clean, noise, timesteps, (signal, deviation) => (signal * noise) - (deviation * clean));

    private static Tensor Combine(NoiseCurve curve, Tensor clean, Tensor noise, Tensor timesteps, Func<Tensor, Tensor, Tensor> formula)
    {
        ArgumentNullException.ThrowIfNull(curve);
        if (!noise.shape.SequenceEqual(clean.shape))
            throw Rules.InputShape.Error("the noise", Shape(noise), "the forward process", Shape(clean), "draw noise of the clean sample's shape");

        if (timesteps.dim() > 1 || (timesteps.dim() == 1 && timesteps.shape[0] != clean.shape[0]))
            throw Rules.InputShape.Error("the tensor of timesteps", Shape(timesteps), "the forward process", $"[] or [{clean.shape[0]}]", "give one timestep, or one for each sample");

        using var scope = NewDisposeScope();
        var visited = timesteps.to(ScalarType.Int64).cpu().data<long>().ToArray();
        foreach (var timestep in visited)
        {
            if (timestep < 0 || timestep >= curve.Count)
                throw Rules.IndexOutOfTable.Error("the timestep", timestep, $"{curve.Count} timesteps", curve.Count - 1);
        }

        var column = visited.Length == 1 ? [] : clean.shape.Select((_, axis) => axis == 0 ? -1L : 1L).ToArray();
        return formula(Column(alphaBar => alphaBar), Column(alphaBar => 1 - alphaBar)).MoveToOuterDisposeScope();

        Tensor Column(Func<double, double> power) => tensor(visited.Select(timestep => Math.Sqrt(power(curve.AlphaBar((int)timestep)))).ToArray())
            .reshape(column)
            .to(clean.dtype)
            .to(clean.device);
    }

    private static string Shape(Tensor tensor) => "[" + string.Join(", ", tensor.shape) + "]";
}
