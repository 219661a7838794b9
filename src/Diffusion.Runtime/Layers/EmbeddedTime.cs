using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>An activated time embedding that each resnet projects as it comes to it.</summary>
/// <param name="activated">act(embedding), <c>[N, dim]</c>; the caller disposes it.</param>
internal sealed class EmbeddedTime(Tensor activated) : TimeCondition
{
    /// <summary>act(embedding), <c>[N, dim]</c>.</summary>
    public Tensor Activated => activated;

    internal override Tensor Project(Linear projection)
    {
        using var projected = projection.call(activated);

        return projected.unsqueeze(-1).unsqueeze_(-1);
    }
}
