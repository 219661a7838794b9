using System;
using System.Threading;
using Diffusion.Runtime.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Layers;

/// <summary>A layer's parameter and the kernel that takes its place.</summary>
/// <typeparam name="TKernel">The kernel.</typeparam>
/// <param name="weight">The parameter.</param>
/// <param name="make">Makes the kernel of the plain weight; gives null where torch's own operation is the best there is.</param>
internal sealed class PackedWeight<TKernel>(Parameter weight, Func<TKernel?> make) : IPackedWeight, IDisposable
    where TKernel : class, IWeightKernel
{
    private TKernel? _kernel;

    /// <inheritdoc/>
    public bool IsPacked => _kernel is not null;

    /// <summary>The kernel, or null for a plain weight. Where gradients are recorded weights must be plain: a packed one is unpacked.</summary>
    public TKernel? Kernel
    {
        get
        {
            if (_kernel is null || !is_grad_enabled())
                return _kernel;

            lock (this)
            {
                Unpack();
            }

            return null;
        }
    }

    /// <inheritdoc/>
    public void Pack()
    {
        if (_kernel is not null || make() is not { } kernel)
            return;

        // The parameter keeps shape, type and place; read all the same, it is NaN.
        using var recording = no_grad();
        using TorchSharp.Scalar nothing = double.NaN;
        using var one = full([1], nothing, weight.dtype, weight.device);
        using var all = one.expand(weight.Sizes());
        weight.set_(all);
        _kernel = kernel;
        PackedWeights.Add(1);
    }

    /// <inheritdoc/>
    public void Unpack()
    {
        if (_kernel is null)
            return;

        using var recording = no_grad();
        using var plain = _kernel.Weight();
        weight.set_(plain);
        Dispose();
    }

    /// <inheritdoc/>
    public Tensor Plain() => _kernel!.Weight();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _kernel, null) is not { } kernel)
            return;

        kernel.Dispose();
        PackedWeights.Add(-1);
    }
}
