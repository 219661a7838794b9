using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Weights;

namespace Diffusion.Runtime.Models;

public sealed partial class BasicUNet
{
    /// <summary>A network with the weights of a file, in float32 whatever the file holds; the channels are those of the weights.</summary>
    /// <param name="path">A state dict as <c>.safetensors</c>, <c>.pth</c> or another file that <see cref="Checkpoint"/> reads.</param>
    /// <exception cref="DiffusionException">DIF0501 to DIF0513: the file is missing, damaged or of another model.</exception>
    public static BasicUNet Load(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        var model = Create(LayerOptions.Unset(), Channels("down_layers.0.weight", axis: 1), Channels("up_layers.2.weight", axis: 0));
        try
        {
            StateDict.Load(model, checkpoint);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }

        // Where that weight is missing, loading tells which are.
        int Channels(string name, int axis) => checkpoint.Entries.FirstOrDefault(entry => entry.Name == name) is { Shape.Count: 4 } weight && weight.Shape[axis] > 0
            ? (int)weight.Shape[axis]
            : 1;
    }
}
