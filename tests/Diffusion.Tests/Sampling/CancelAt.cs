using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Sampling;

/// <summary>Cancels while a model runs: when its resnets have ended so many times. The hooks go with this object.</summary>
internal sealed class CancelAt : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<Action> _unhook = [];

    public CancelAt(nn.Module model, int resnet)
    {
        foreach (var block in model.modules().OfType<ResnetBlock2D>())
        {
            var hook = block.register_forward_hook((_, _, _, output) =>
            {
                if (++Seen == resnet)
                    _source.Cancel();
                return output;
            });
            _unhook.Add(hook.remove);
        }
    }

    /// <summary>How many resnets have ended.</summary>
    public int Seen { get; private set; }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _unhook.ForEach(remove => remove());
        _source.Dispose();
    }
}
