using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>
/// Mixed precision: passes run on a copy with 16-bit parameters, the optimiser changes the float32 ones. Micikevicius et al. (2018), arXiv:1710.03740,
/// section 3.1. bfloat16 has float32's range, so that no loss scaling is needed.
/// </summary>
internal static class MasterWeights
{
    /// <summary>Gives the copy the parameters of the master.</summary>
    public static void Follow(nn.Module? copy, nn.Module master)
    {
        if (copy is null)
            return;

        using var recording = no_grad();
        foreach (var (mine, theirs) in copy.parameters().Zip(master.parameters()))
            mine.copy_(theirs);
    }

    /// <summary>Moves the gradients of the copy to the master.</summary>
    public static void Collect(nn.Module? copy, nn.Module master)
    {
        if (copy is null)
            return;

        foreach (var (mine, theirs) in copy.parameters().Zip(master.parameters()))
        {
            using var gradient = mine.grad;
            if (gradient is null)
                continue;

            theirs.grad = gradient.to(theirs.dtype);
            mine.grad = null;
        }
    }
}
