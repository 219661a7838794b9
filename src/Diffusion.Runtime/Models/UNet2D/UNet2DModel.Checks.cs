using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

public sealed partial class UNet2DModel
{
    internal static string Shape(Tensor tensor) => "[" + string.Join(", ", tensor.Sizes()) + "]";

    private void CheckSample(Tensor sample)
    {
        if (sample.dim() != 4 || sample.Sizes()[1] != Config.InChannels)
            throw Rules.InputShape.Error("the sample", Shape(sample), nameof(UNet2DModel), $"[N, {Config.InChannels}, H, W]", $"give {Config.InChannels} channels");

        if (sample.Sizes().Any(size => size == 0))
            throw Rules.InputShape.Error("the sample", Shape(sample), nameof(UNet2DModel), "at least one pixel", "give an image");

        // Convolutions round up when they halve, means round down.
        var smallest = 1L << (Config.BlockOutChannels.Count - 1);
        if (!Config.LearnedResampling && sample.Sizes()[2..].Any(size => size < smallest))
            throw Rules.InputShape.Error("the sample", Shape(sample), "a model without learned resampling", $"heights and widths of at least {smallest}", "give larger images");
    }

    private void CheckLabels(Tensor labels, long samples)
    {
        var wanted = Config.ClassEmbedType == "identity" ? $"[{samples}, {Config.TimeEmbedDim}]" : $"[{samples}]";
        if (Shape(labels) != wanted)
            throw Rules.InputShape.Error("the tensor of class labels", Shape(labels), "this model", wanted, "give one for each sample");

        if (Config.ClassEmbedType is null)
            CheckIndices("the tensor of class labels", labels, Config.NumClassEmbeds!.Value, "classes");
    }

    // [] and [1] stand for every sample.
    internal static Tensor PerSample(Tensor timestep, long samples, Device device)
    {
        if (timestep.dim() > 1 || (timestep.dim() == 1 && timestep.Sizes()[0] != samples && timestep.Sizes()[0] != 1))
            throw Rules.InputShape.Error("the timestep", Shape(timestep), "this model", $"[] or [{samples}]", "give one timestep, or one for each sample");

        return timestep.to(device).reshape(-1).expand(samples);
    }

    // What time_proj takes: rows of a learned table, or else any number.
    private Tensor TimeInput(Tensor timesteps)
    {
        if (Config.TimeEmbeddingType != "learned")
            return timesteps;

        CheckIndices("the timestep", timesteps, Config.NumTrainTimesteps!.Value, "timesteps");

        return timesteps.to(ScalarType.Int64);
    }

    internal static void CheckIndices(string subject, Tensor indices, int count, string kind)
    {
        if (indices.numel() == 0 || indices.device.type == DeviceType.META) // shapes alone have no values
            return;

        using var scope = NewDisposeScope();
        var (lowest, highest) = (indices.min(), indices.max());
        var (low, high) = (lowest.to(ScalarType.Int64).item<long>(), highest.to(ScalarType.Int64).item<long>());
        if (low < 0 || high >= count)
            throw Rules.IndexOutOfTable.Error(subject, low < 0 ? low : high, $"{count} {kind}", count - 1);

        // A table has no rows between its rows: a sampler of noise levels or of a flow asks for those.
        var rows = indices.to(ScalarType.Float64);
        var between = rows[rows != rows.floor()];
        if (between.numel() > 0)
            throw Rules.IndexOutOfTable.Error(subject, between[0].item<double>(), $"{count} {kind}", $"{count - 1}, whole");
    }
}
