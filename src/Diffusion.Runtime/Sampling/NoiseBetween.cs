using System.Collections.Generic;
using System.Linq;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>Noise on the way from one source to another: whatever is drawn, the first x or a step's, lies on the arc between what both draw.</summary>
/// <param name="from">The noise of one picture, at 0; taken over.</param>
/// <param name="to">The noise of one picture, at 1; taken over.</param>
/// <param name="shares">How far along each picture of the batch is, in [0, 1].</param>
internal sealed class NoiseBetween(INoiseSource from, INoiseSource to, IReadOnlyList<double> shares) : INoiseSource
{
    public Tensor Draw(long[] shape)
    {
        long[] single = [1, .. shape[1..]];
        return Between(from.Draw(single), to.Draw(single));
    }

    public Tensor Draw(long[] shape, double start, double end)
    {
        long[] single = [1, .. shape[1..]];
        return Between(from.Draw(single, start, end), to.Draw(single, start, end));
    }

    public void Dispose()
    {
        from.Dispose();
        to.Dispose();
    }

    private Tensor Between(Tensor first, Tensor second)
    {
        using (first)
        using (second)
        {
            var rows = shares.Select(share => Latents.Slerp(first, second, share)).ToArray();
            var all = torch.cat(rows, 0);
            foreach (var row in rows)
                row.Dispose();

            return all;
        }
    }
}
