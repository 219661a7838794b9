using System.Linq;
using Diffusion.Runtime.Layers;

namespace Diffusion.Runtime.Models;

public sealed partial class ClassConditionedUNet
{
    /// <summary>The number of parameters: 1,708,201 for the course's.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>The model as PyTorch prints it, layer by layer, with a line feed at the end.</summary>
    public string Print() => ModuleText.Of(this) + "\n";
}
