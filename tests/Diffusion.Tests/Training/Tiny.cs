using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Tests.Models;
using static Diffusion.Dsl.Optimizers;

namespace Diffusion.Tests.Training;

/// <summary>The smallest training of a real network: a few thousand parameters on a few pictures.</summary>
internal static class Tiny
{
    /// <summary>An 8 by 8 network of two levels.</summary>
    public static UNet2DConfig Config => TinyUNet.Config;

    /// <summary>A training of that network; two steps an epoch with a batch of 4 from eight pictures.</summary>
    public static Dsl.Training Training(int pictures = 8) => Train.Ddpm(Config).On(Pictures(pictures)).Optimizer(AdamW(1e-2)).Batch(4).Seed(1);

    /// <summary>A training with an average, which a test kills and resumes.</summary>
    public static Dsl.Training Endless(int steps) => Training().Ema(0.9).Steps(steps);

    /// <summary>Bright squares at several places.</summary>
    public static ImageListData Pictures(int count, int channels = 1) => ImageListData.Of(Enumerable.Range(0, count).Select(i => Square(i, channels)));

    private static Image Square(int number, int channels)
    {
        var pixels = new byte[8 * 8 * channels];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (x, y) = (i / channels % 8, i / channels / 8);
            pixels[i] = (byte)(Math.Abs(x - (number % 5) - 1) <= 1 && Math.Abs(y - (number % 3) - 2) <= 1 ? 255 : 20 * channels);
        }

        return new Image(8, 8, channels, pixels);
    }
}
