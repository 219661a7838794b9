using Diffusion.Runtime.Layers;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>Two linear layers with an activation between them: <c>[N, L, D]</c> to the same shape.</summary>
internal sealed class ClipMlp : Layer, IHasPrintedName
{
    private readonly ClipTower _tower;
    private readonly ClipActivation _activation;
    private readonly Linear _fc1;
    private readonly Linear _fc2;

    public ClipMlp(ClipTower tower, LayerOptions options)
        : base(nameof(ClipMlp))
    {
        _tower = tower;
        register_module("activation_fn", _activation = new ClipActivation(tower.Activation));
        register_module("fc1", _fc1 = new Linear(tower.HiddenSize, tower.IntermediateSize, options));
        register_module("fc2", _fc2 = new Linear(tower.IntermediateSize, tower.HiddenSize, options));
    }

    string IHasPrintedName.PrintedName => "CLIPMLP";

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var wide = _activation.Consume(_fc1.call(input));

        return _fc2.call(wide);
    }

    /// <summary>First values as in transformers.</summary>
    internal void Start(LayerOptions options)
    {
        options.Clear(_fc1.Bias);
        options.Clear(_fc2.Bias);
        options.RedrawNormal(_fc1.Weight, _tower.WideDeviation);
        options.RedrawNormal(_fc2.Weight, _tower.InnerDeviation);
    }
}
