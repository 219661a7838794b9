using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json.Nodes;
using Diffusion.Benchmarks.Measuring;
using Diffusion.Benchmarks.Memory;
using Diffusion.Benchmarks.StableDiffusion;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Weights;
using TorchSharp;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>From a file of 3.4 GB in the page cache to a U-Net that is ready to run, against reading the same file into memory; and the most memory that is resident meanwhile.</summary>
internal static class LoadRatio
{
    private const int Rounds = 3;

    public static IEnumerable<string> Measure(RatioOptions options)
    {
        var file = Path.Combine(FullSize.UNet(), "diffusion_pytorch_model.safetensors");
        var bytes = new FileInfo(file).Length;

        // First, while the heap is small.
        var (single, half) = (Growth(torch.ScalarType.Float32), Growth(torch.ScalarType.BFloat16));
        var result = new RatioResult(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"load: UNet of Stable Diffusion 1, {bytes / 1e9:0.00} GB"),
            Interleaved.Measure(
                [
                    new("read the file", () => Read(file)),
                    new("load fp32", () => Load(torch.ScalarType.Float32)),
                    new("load bf16", () => Load(torch.ScalarType.BFloat16)),
                ],
                options.Rounds > 0 ? options.Rounds : Rounds,
                TimeSpan.Zero,
                options.Clock),
            options);
        var json = JsonNode.Parse(RatioJson.Line(result))!;
        json["peak / weights"] = new JsonObject { ["fp32"] = double.Round(single / (double)bytes, 3), ["bf16"] = double.Round(half / (bytes / 2.0), 3) };
        yield return json.ToJsonString();
    }

    private static long Growth(torch.ScalarType type)
    {
        ProcessMemory.ForgetPeak();
        var before = ProcessMemory.Resident;
        Load(type);
        return ProcessMemory.Peak - before;
    }

    private static void Load(torch.ScalarType type) => UNet2DConditionModel.FromPretrained(FullSize.UNet(), type, memory: WeightMemory.Packed).Dispose();

    // As fast as this machine reads: both halves at once, into memory of the process.
    private static unsafe void Read(string file)
    {
        using var handle = File.OpenHandle(file);
        var length = RandomAccess.GetLength(handle);
        using var memory = torch.empty(length, torch.ScalarType.Byte);
        var start = Diffusion.Runtime.Kernels.Memory.Address(memory);
        System.Threading.Tasks.Parallel.For(0, Environment.ProcessorCount, part =>
        {
            var (from, end) = (length * part / Environment.ProcessorCount, length * (part + 1) / Environment.ProcessorCount);
            while (from < end)
            {
                from += RandomAccess.Read(handle, new Span<byte>((byte*)start + from, (int)Math.Min(8 << 20, end - from)), from);
            }
        });
    }
}
