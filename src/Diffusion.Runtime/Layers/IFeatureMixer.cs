using System.Collections.Generic;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>What stands behind a resnet and mixes the places of an image: self-attention, or a transformer that looks at a text too.</summary>
internal interface IFeatureMixer
{
    /// <summary>The mixed features, <c>[N, C, H, W]</c> to the same shape.</summary>
    /// <param name="features">The features.</param>
    /// <param name="text">The text; null where there is none.</param>
    Tensor Mix(Tensor features, TextCondition? text);

    /// <summary>The parameters.</summary>
    IEnumerable<Parameter> parameters(bool recurse = true);
}
