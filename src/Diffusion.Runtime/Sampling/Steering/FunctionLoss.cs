using System;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Sampling;

/// <summary>A loss of the program's own.</summary>
internal sealed class FunctionLoss : ISteeringLoss
{
    private readonly LossGuidance guidance;
    private readonly Func<Tensor, double, Tensor> function;

    public FunctionLoss(LossGuidance guidance)
    {
        this.guidance = guidance;
        function = guidance.Function as Func<Tensor, double, Tensor> ?? throw Rules.SteeringImpossible.Error(
            guidance,
            "has a function of the type " + guidance.Function.GetType().Name,
            "give a Func<Tensor, double, Tensor>: (Tensor x0, double t) => a loss of each picture");
    }

    public Tensor Of(SteeredSample clean)
    {
        var given = guidance.ReadsLatents ? clean.X0 : clean.Pictures;
        var loss = function(given, clean.Timestep);
        return loss is { shape: [] } || (loss.shape.Length == 1 && loss.shape[0] == given.shape[0]) ? loss : throw Rules.SteeringImpossible.Error(
            guidance,
            "gave a loss of shape [" + string.Join(", ", loss.shape) + "] for " + given.shape[0] + " pictures",
            "give one number for each picture, [N], or one for all, []");
    }

    public void Dispose()
    {
    }
}
