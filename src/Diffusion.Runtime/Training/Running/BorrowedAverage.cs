using System;
using System.Linq;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>Gives a model its averaged parameters for a while; disposing gives back its own. Parity target: <c>EMAModel.store</c> and <c>restore</c>.</summary>
internal sealed class BorrowedAverage : IDisposable
{
    private readonly (Tensor Parameter, Tensor Own)[] kept;

    private BorrowedAverage((Tensor, Tensor)[] kept) => this.kept = kept;

    /// <summary>Swaps the averages in; does nothing where there are none.</summary>
    public static BorrowedAverage Of(nn.Module model, ExponentialMovingAverage? average)
    {
        if (average is null)
            return new BorrowedAverage([]);

        using var recording = no_grad();
        var kept = model.parameters().Select(parameter => ((Tensor)parameter, parameter.detach().clone().DetachFromDisposeScope())).ToArray();
        average.CopyTo(model);
        return new BorrowedAverage(kept);
    }

    public void Dispose()
    {
        using var recording = no_grad();
        foreach (var (parameter, own) in kept)
        {
            parameter.copy_(own);
            own.Dispose();
        }
    }
}
