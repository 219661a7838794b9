using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>The weight of a layer, plain or packed.</summary>
internal interface IPackedWeight
{
    /// <summary>Whether it is packed: the parameter then has a shape and a type, but no numbers.</summary>
    bool IsPacked { get; }

    /// <summary>Packs the weight, where that is of use, and frees the plain one.</summary>
    void Pack();

    /// <summary>Brings the plain weight back.</summary>
    void Unpack();

    /// <summary>The numbers of the packed weight, a new tensor.</summary>
    Tensor Plain();
}
