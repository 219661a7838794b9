namespace Diffusion.Runtime.Layers;

/// <summary>A module whose class has another name in Python.</summary>
internal interface IHasPrintedName
{
    /// <summary>The name of the class as PyTorch prints it: <c>CLIPAttention</c>.</summary>
    string PrintedName { get; }
}
