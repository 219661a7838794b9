using Diffusion.Dsl;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Layers;

/// <summary>Zeroes elements with a probability while training and scales the rest up; otherwise, or at probability 0, gives its input back.</summary>
/// <param name="probability">From 0 to below 1.</param>
public sealed class Dropout(double probability) : Layer(nameof(Dropout)), IHasExtraText
{
    string IHasExtraText.ExtraText => $"p={JsonValue.Of(probability)}, inplace=False";

    /// <summary>Whether this layer does nothing now.</summary>
    internal bool IsIdle => probability == 0 || (DropoutMasks.Current?.IsIdle ?? !training);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) =>
        IsIdle ? input.alias() : DropoutMasks.Current?.Drop(input, probability) ?? F.dropout(input, probability, training: true);
}
