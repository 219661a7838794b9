using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>A layer from one tensor to one tensor that registers its parts by the names state dicts use.</summary>
public abstract class Layer : nn.Module<Tensor, Tensor>
{
    private protected Layer(string name)
        : base(name)
    {
    }

    /// <summary>Nothing: TorchSharp would register every field a second time, under the field's name.</summary>
    protected sealed override void RegisterComponents()
    {
    }
}
