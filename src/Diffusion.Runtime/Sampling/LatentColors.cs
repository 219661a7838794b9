using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Models;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Sampling;

/// <summary>
/// A linear guess at what an autoencoder makes of latents: each colour of a latent pixel is b + Σ a_c z_c, where a and b are the least squares fit to what the decoder itself makes of a
/// few seeded drawings. For any autoencoder and any number of channels; nothing is learnt or read from elsewhere. Holds no tensors; threads may share it.
/// </summary>
internal sealed class LatentColors
{
    private const int Drawings = 4;
    private const int LatentSide = 16;
    private const double Ridge = 1e-6;

    private readonly double[] _weights; // [C + 1, colours]; the last row is b
    private readonly int _colors;

    private LatentColors(double[] weights, int colors) => (_weights, _colors) = (weights, colors);

    /// <summary>The fit to one autoencoder: four drawings of 16 by 16 latent pixels are encoded and decoded, together a quarter of a picture of 512 by 512 where the factor is 8.</summary>
    /// <param name="vae">The autoencoder.</param>
    public static LatentColors Fit(AutoencoderKL vae)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var (channels, colors, factor) = (vae.Config.LatentChannels, vae.Config.OutChannels, vae.Config.Factor);
        var (samples, targets) = (new List<Tensor>(), new List<Tensor>());
        for (var i = 0; i < Drawings; i++)
        {
            using var one = NewDisposeScope();
            using var posterior = vae.Encode(Probe.Drawing(i, vae.Config.InChannels, LatentSide * factor).to(vae.DType, vae.Device));
            var decoded = vae.Decode(posterior.Mode);
            samples.Add(Rows(vae.Scale(posterior.Mode), channels).MoveToOuterDisposeScope());
            targets.Add(Rows(F.avg_pool2d(decoded.to(ScalarType.Float32), factor), colors).MoveToOuterDisposeScope());
        }

        // (ZᵀZ + ridge) A = ZᵀY; the ridge is for channels that say nothing.
        var z = cat([.. samples], 0);
        z = cat([z, ones(z.shape[0], 1, dtype: ScalarType.Float64)], 1);
        var gram = Arithmetic.Plus(z.t().matmul(z), Arithmetic.Times(eye(channels + 1, dtype: ScalarType.Float64), Ridge * z.shape[0]));
        var weights = linalg.solve(gram, z.t().matmul(cat([.. targets], 0)));
        return new(weights.contiguous().data<double>().ToArray(), colors);
    }

    /// <summary>Pictures as large as the latents.</summary>
    /// <param name="latents">As the network works on them, <c>[N, C, h, w]</c>.</param>
    public IReadOnlyList<Image> Of(HeldSample latents)
    {
        var (count, channels, pixels) = ((int)latents.Shape[0], (int)latents.Shape[1], (int)(latents.Shape[2] * latents.Shape[3]));
        var values = new float[count * _colors * pixels];
        for (var i = 0; i < values.Length; i++)
        {
            var (n, color, pixel) = (i / (_colors * pixels), i / pixels % _colors, i % pixels);
            var sum = _weights[(channels * _colors) + color];
            for (var c = 0; c < channels; c++)
            {
                sum += _weights[(c * _colors) + color] * latents.Values[(((n * channels) + c) * pixels) + pixel];
            }

            values[i] = (float)sum;
        }

        using var batch = tensor(values, [count, _colors, latents.Shape[2], latents.Shape[3]], ScalarType.Float32);
        return Image.FromBatch(batch);
    }

    // [1, C, h, w] to [h·w, C], float64 on the CPU
    private static Tensor Rows(Tensor x, int channels) => x.to(ScalarType.Float64, CPU).view(channels, -1).t();
}
