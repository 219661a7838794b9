using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

/// <summary>The smallest model: some parameters and a loss.</summary>
internal sealed class Holder : nn.Module
{
    private readonly Parameter values;

    public Holder(float[] initial)
        : base(nameof(Holder)) => register_parameter("values", values = new Parameter(tensor(initial)));

    public float[] Values => values.data<float>().ToArray();

    public Tensor Loss(Tensor target) => (values - target).pow(4).sum();

    public void Set(float[] numbers)
    {
        using var recording = no_grad();
        using var source = tensor(numbers);
        values.copy_(source);
    }

    protected override void RegisterComponents()
    {
    }
}
