namespace Diffusion.Runtime.Layers;

/// <summary>A layer that prints its settings between parentheses, as PyTorch's <c>extra_repr</c> does.</summary>
internal interface IHasExtraText
{
    /// <summary>The settings: <c>1, 32, kernel_size=(3, 3), stride=(1, 1)</c>.</summary>
    string ExtraText { get; }
}
