using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Models;

/// <summary>What CLIP is trained by: of the texts and pictures of a batch, each text is to find its picture, and each picture its text.</summary>
/// <remarks>
/// (CE(S, 0…N−1) + CE(Sᵀ, 0…N−1)) / 2, where S holds the scaled similarities and CE is the mean cross entropy of the rows (Radford et al. 2021,
/// arXiv:2103.00020, figure 3; the loss of Sohn 2016). Of N pairs that nothing tells apart it is ln N.
/// </remarks>
public static class ContrastiveLoss
{
    /// <summary>The loss, with its gradient.</summary>
    /// <param name="logits">The similarities of N texts and N pictures, text i belonging to picture i, <c>[N, N]</c>: <see cref="ClipOutput.LogitsPerText"/>.</param>
    /// <returns><c>[]</c>; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0410: not as many texts as pictures.</exception>
    public static Tensor Of(Tensor logits)
    {
        if (logits.dim() != 2 || logits.Sizes()[0] != logits.Sizes()[1] || logits.Sizes()[0] == 0)
            throw Rules.InputShape.Error("the tensor of similarities", UNet2DModel.Shape(logits), nameof(ContrastiveLoss), "[N, N]", "give as many pictures as texts, in the same order");

        return OfPairs(logits);
    }

    /// <summary>The loss of N pairs among further texts, which belong to no picture.</summary>
    /// <param name="logits">The similarities, <c>[T, N]</c>, T at least N; text i belongs to picture i.</param>
    internal static Tensor OfPairs(Tensor logits)
    {
        using var scope = NewDisposeScope();
        var count = logits.Sizes()[1];
        var pairs = Arithmetic.Range(count, ScalarType.Int64, logits.device);

        return Arithmetic.Over(Arithmetic.Plus(F.cross_entropy(logits.narrow(0, 0, count), pairs), F.cross_entropy(logits.t(), pairs)), 2).MoveToOuterDisposeScope();
    }
}
