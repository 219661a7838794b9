using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>A layer whose weight can lie in the order in which a machine multiplies fastest, in place of the plain one.</summary>
internal interface IPackable
{
    /// <summary>Whether it does.</summary>
    bool IsPacked { get; }

    /// <summary>The parameter; while it is packed it has a shape and a type, but no numbers.</summary>
    Parameter Weight { get; }

    /// <summary>Packs the weight, where that is of use, and frees the plain one.</summary>
    void Pack();

    /// <summary>Brings the plain weight back.</summary>
    void Unpack();

    /// <summary>The numbers of a packed weight, a new tensor.</summary>
    Tensor PlainWeight();
}
