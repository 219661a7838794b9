using System;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>How the parameters of layers are made: their type and place, and whether they start as PyTorch starts them or unset, to be loaded.</summary>
public sealed record LayerOptions
{
    private LayerOptions(ScalarType dtype, Device device, Generator? generator, bool initialize)
    {
        DType = dtype;
        Device = device;
        Generator = generator;
        Initialize = initialize;
    }

    /// <summary>The parameters' type.</summary>
    public ScalarType DType { get; }

    /// <summary>The parameters' device; <c>meta</c> gives shapes without memory.</summary>
    public Device Device { get; }

    private Generator? Generator { get; }

    private bool Initialize { get; }

    /// <summary>
    /// Parameters with PyTorch's default initial values, drawn on the CPU in float32 in the order in which the layers are made: the very
    /// numbers Python's <c>torch.manual_seed(seed)</c> gives.
    /// </summary>
    /// <param name="seed">Seeds the generator.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    public static LayerOptions Seeded(long seed, ScalarType? dtype = null, Device? device = null)
    {
        LibTorch.Require();
        return new(dtype ?? ScalarType.Float32, device ?? CPU, new Generator((ulong)seed), initialize: true);
    }

    /// <summary>Parameters whose values are undefined until they are loaded.</summary>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    public static LayerOptions Unset(ScalarType? dtype = null, Device? device = null)
    {
        LibTorch.Require();
        return new(dtype ?? ScalarType.Float32, device ?? CPU, null, initialize: false);
    }

    /// <summary>Parameters with shapes and no memory, to count or print a model.</summary>
    public static LayerOptions Shapes() => Unset(device: META);

    /// <summary>Uniform on [−1/√fanIn, 1/√fanIn], as PyTorch's convolutions and linear layers start (Kaiming uniform with a = √5).</summary>
    internal Parameter KaimingUniform(long fanIn, params long[] shape)
    {
        // The same operations in the same order as PyTorch, so that the bound has the same bits.
        var bound = Math.Sqrt(3.0) * (Math.Sqrt(2.0 / (1 + 5.0000000000000009)) / Math.Sqrt(fanIn));

        return Make(shape, values => values.uniform_(-bound, bound, Generator));
    }

    /// <summary>Uniform on [−1/√fanIn, 1/√fanIn], as the biases of PyTorch's convolutions and linear layers start.</summary>
    internal Parameter BiasUniform(long fanIn, long size)
    {
        var bound = 1 / Math.Sqrt(fanIn);

        return Make([size], values => values.uniform_(-bound, bound, Generator));
    }

    /// <summary>Normal with mean 0 and the given standard deviation, as embeddings start.</summary>
    internal Parameter Normal(double deviation, bool requiresGrad, params long[] shape) =>
        Make(shape, values => Arithmetic.Scale(values.normal_(0, 1, Generator), deviation), requiresGrad);

    internal Parameter Constant(double value, long size) => Make([size], values => Arithmetic.Fill(values, value));

    /// <summary>A single number.</summary>
    internal Parameter Scalar(double value) => Make([], values => Arithmetic.Fill(values, value));

    /// <summary>Draws a parameter again, uniform on [−bound, bound], as modules do that replace the start of a layer they hold; unset ones stay unset.</summary>
    internal void Redraw(Parameter parameter, double bound) => Redraw(parameter, values => values.uniform_(-bound, bound, Generator));

    /// <summary>The same, normal with mean 0 and the given standard deviation.</summary>
    internal void RedrawNormal(Parameter parameter, double deviation) => Redraw(parameter, values => Arithmetic.Scale(values.normal_(0, 1, Generator), deviation));

    /// <summary>Sets a parameter to 0; unset ones stay unset.</summary>
    internal void Clear(Parameter? parameter)
    {
        if (parameter is not null)
            Redraw(parameter, values => values.zero_());
    }

    private void Redraw(Parameter parameter, Func<Tensor, Tensor> draw)
    {
        if (!Initialize)
            return;

        using var noGrad = no_grad();
        using var values = empty(parameter.Sizes(), ScalarType.Float32, CPU);
        draw(values);
        parameter.copy_(values);
    }

    private Parameter Make(long[] shape, Func<Tensor, Tensor> initialize, bool requiresGrad = true)
    {
        using var noGrad = no_grad();
        if (!Initialize)
            return new Parameter(empty(shape, DType, Device), requiresGrad);

        using var scope = NewDisposeScope();
        var values = empty(shape, ScalarType.Float32, CPU);
        initialize(values);

        return new Parameter(values.to(DType, Device).DetachFromDisposeScope(), requiresGrad);
    }
}
