using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Benchmarks.Training;

/// <summary>A training step as one writes it with TorchSharp alone: its modules, its AdamW, and a loop for the moving average.</summary>
internal sealed class HandLoop : ITrainingLoop
{
    private readonly HandUNet _model = new();
    private readonly Parameter[] _parameters;
    private readonly Tensor[] _average;
    private readonly Tensor _alphaBars;
    private readonly optim.Optimizer _optimizer;

    public HandLoop(IEnumerable<(string Name, Parameter Value)> weights)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        _model.Take(weights);
        _parameters = [.. _model.parameters()];
        _average = [.. _parameters.Select(parameter => parameter.detach().clone().DetachFromDisposeScope())];
        _alphaBars = (1 - linspace(1e-4, 0.02, 1000)).cumprod(0).DetachFromDisposeScope();
        _optimizer = optim.AdamW(_parameters, lr: ITrainingLoop.Rate);
    }

    public float Step(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var alphaBar = _alphaBars[batch.Timesteps].view(-1, 1, 1, 1);
        var noisy = alphaBar.sqrt() * batch.Clean + (1 - alphaBar).sqrt() * batch.Noise;
        _optimizer.zero_grad();
        var loss = F.mse_loss(_model.call(noisy, batch.Timesteps), batch.Noise);
        loss.backward();
        _optimizer.step();
        using (no_grad())
        {
            for (var i = 0; i < _average.Length; i++)
            {
                _average[i].mul_(ITrainingLoop.Decay).add_(_parameters[i], alpha: 1 - ITrainingLoop.Decay);
            }
        }

        return loss.item<float>();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
        _alphaBars.Dispose();
        Array.ForEach(_average, tensor => tensor.Dispose());
    }
}
