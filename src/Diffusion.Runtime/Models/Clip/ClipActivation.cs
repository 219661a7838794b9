using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Models;

/// <summary>The activation of a tower's blocks, one of <see cref="ClipActivations"/>.</summary>
/// <param name="name">Its name, valid.</param>
internal sealed class ClipActivation(string name) : Layer(nameof(ClipActivation)), IHasPrintedName
{
    private const double Steepness = 1.702;

    private readonly bool _isQuick = name == ClipActivations.QuickGelu;

    string IHasPrintedName.PrintedName => _isQuick ? "QuickGELUActivation" : "GELUActivation";

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (!_isQuick)
            return F.gelu(input);

        using var scope = NewDisposeScope();

        return (input * Arithmetic.Times(input, Steepness).sigmoid_()).MoveToOuterDisposeScope();
    }

    /// <summary>The activation of a tensor that nobody else needs: in its place where no gradient is recorded.</summary>
    public Tensor Consume(Tensor input)
    {
        if (is_grad_enabled() || !_isQuick)
        {
            using (input)
                return forward(input);
        }

        using var gate = Arithmetic.Times(input, Steepness);

        return input.mul_(gate.sigmoid_());
    }
}
