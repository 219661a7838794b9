namespace Diffusion.Runtime.Layers;

/// <summary>A layer whose weight can lie in the order in which a machine multiplies fastest, in place of the plain one.</summary>
internal interface IPackable
{
    /// <summary>The weight, plain or packed.</summary>
    IPackedWeight Packed { get; }
}
