using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>The numbers of a sample in managed memory: they outlive the run, and nobody has to dispose them.</summary>
/// <param name="Values">Row by row.</param>
/// <param name="Shape"><c>[N, C, H, W]</c>.</param>
internal sealed record HeldSample(float[] Values, long[] Shape)
{
    /// <summary>A copy.</summary>
    /// <param name="x"><c>[N, C, H, W]</c>, on any device.</param>
    public static HeldSample Of(Tensor x)
    {
        using var scope = torch.NewDisposeScope();
        return new(x.to(torch.ScalarType.Float32).cpu().contiguous().data<float>().ToArray(), x.shape);
    }

    /// <summary>The numbers as a new tensor, <c>[N, C, H, W]</c>, float32.</summary>
    /// <param name="device">Where it is put.</param>
    public Tensor On(torch.Device device) => torch.tensor(Values, Shape, torch.ScalarType.Float32, device);
}
