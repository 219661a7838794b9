using System;
using System.Collections.Generic;
using System.IO;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using Diffusion.Runtime.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Memory;

/// <summary>One stage in a process of its own: loads the network, runs it once, tells how the resident memory grew.</summary>
internal static class MemoryStage
{
    private const long Latent = 64;

    /// <summary>The stages by name: each loads its network and gives what runs it.</summary>
    public static IReadOnlyDictionary<string, Func<string, (Action Run, IDisposable Network)>> All { get; } = new Dictionary<string, Func<string, (Action, IDisposable)>>
    {
        ["text"] = Text,
        ["denoise"] = folder => Unet(folder, null),
        ["decode"] = folder => Vae(folder, null),
        ["decode in tiles"] = folder => Vae(folder, VaeMemory.Tiled(256)),
    };

    /// <summary>Bytes of growth: with the network, and beyond it.</summary>
    public static (long All, long Activations) Measure(string name, string folder)
    {
        using var inference = no_grad();
        Warm();
        var before = ProcessMemory.Resident;
        var (run, network) = All[name](folder);
        using (network)
        {
            var loaded = ProcessMemory.Resident;
            ProcessMemory.ForgetPeak();
            run();
            return (ProcessMemory.Peak - before, ProcessMemory.Peak - loaded);
        }
    }

    // What the first operation of a kind loads for good is no stage's own: the same networks with few channels, once.
    private static void Warm()
    {
        using var scope = NewDisposeScope();
        using var text = ClipTextModel.FromConfig(MediumModels.Text with { VocabSize = 100, HiddenSize = 16, IntermediateSize = 32, NumAttentionHeads = 2 });
        Packing.Pack(text);
        text.Forward(Ids(50)).Dispose();
        using var unet = UNet2DConditionModel.FromConfig(MediumModels.Unet.WithBlockOutChannels(32, 32, 32, 32).WithCrossAttentionDim(16).WithHeads(2));
        Packing.Pack(unet);
        unet.Forward(zeros(2, 4, 16, 16), tensor(1f), zeros(2, 77, 16)).Dispose();
        using var vae = AutoencoderKL.FromConfig(MediumModels.Vae.WithLevels(32, 32, 32, 32));
        Packing.Pack(vae);
        vae.Decode(zeros(1, 4, 16, 16), VaeMemory.Tiled(64)).Dispose();
        GC.Collect();
    }

    private static (Action Run, IDisposable Network) Text(string folder)
    {
        var model = ClipTextModel.FromPretrained(Path.Combine(folder, "text_encoder"), memory: WeightMemory.Packed);
        return (Run, model);

        void Run()
        {
            using var scope = NewDisposeScope();
            model.Encode(model.Embed(Ids(40_000)));
        }
    }

    private static (Action Run, IDisposable Network) Unet(string folder, Slicing? slicing)
    {
        var model = UNet2DConditionModel.FromPretrained(folder, memory: WeightMemory.Packed);
        model.AttentionSlicing = slicing;
        var network = new UNet2DConditionNetwork(model);
        network.Prepare([981, 481]);
        return (Run, network);

        void Run()
        {
            using var scope = NewDisposeScope();
            using var text = new TextConditions(randn(1, 77, 512), randn(1, 77, 512));
            var x = randn(1, 4, Latent, Latent);
            network.Predict(x, 981, Conditioning.Both, Conditions.None.WithText(text)).Dispose();
        }
    }

    private static (Action Run, IDisposable Network) Vae(string folder, VaeMemory? memory)
    {
        var model = AutoencoderKL.FromPretrained(folder, memory: WeightMemory.Packed);
        return (Run, model);

        void Run()
        {
            using var scope = NewDisposeScope();
            model.Decode(randn(1, 4, Latent, Latent), memory).Dispose();
        }
    }

    private static Tensor Ids(int end) => cat([arange(76), tensor([(long)end])]).view(1, 77).to(ScalarType.Int64);
}
