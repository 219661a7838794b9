using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Benchmarks.Measuring;
using Diffusion.Benchmarks.StableDiffusion;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>Decoding one picture of 256 by 256 pixels with Stable Diffusion's autoencoder (random weights): the library against a port of diffusers' modules in TorchSharp.</summary>
internal static class VaeRatio
{
    private const int Rounds = 7;

    public static IEnumerable<RatioResult> Measure(RatioOptions options)
    {
        if (options.Threads > 0)
        {
            torch.set_num_threads(options.Threads);
        }

        using var guard = no_grad();
        using var model = AutoencoderKL.FromPretrained(FullSize.Vae());
        var plain = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
        Packing.Pack(model);
        using var random = new Generator(4);
        using var latents = randn([1, 4, 32, 32], generator: random);
        var hand = new EagerDecoder(plain);
        yield return new RatioResult(
            "vae: decode 1x4x32x32, fp32",
            Interleaved.Measure(
                [new("by hand", () => hand.Forward(latents).Dispose()), new("library", () => model.Decode(latents).Dispose())],
                options.Rounds > 0 ? options.Rounds : Rounds,
                TimeSpan.Zero,
                options.Clock),
            options,
            OutputNote.Of(hand.Forward(latents), ("library", model.Decode(latents), OutputNote.Single)));
        foreach (var value in plain.Values)
        {
            value.Dispose();
        }
    }
}
