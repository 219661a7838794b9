using System;
using System.Collections.Generic;
using Diffusion.Dsl.Steps;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>The named tensors of one interpreted step; it owns them.</summary>
internal sealed class Registers : IDisposable
{
    private readonly Dictionary<Register, Tensor> _tensors = [];

    public Registers()
    {
    }

    /// <summary>A step's registers, beginning with what earlier steps kept.</summary>
    public Registers(Registers history)
    {
        foreach (var (register, tensor) in history._tensors)
        {
            _tensors[register] = tensor.alias();
        }
    }

    public Tensor this[Register register]
    {
        get => _tensors[register];
        set
        {
            Find(register)?.Dispose();
            _tensors[register] = value;
        }
    }

    public Tensor? Find(Register register) => _tensors.GetValueOrDefault(register);

    /// <summary>Keeps the history registers of a step that is done.</summary>
    public void Replace(Registers step)
    {
        foreach (var (register, tensor) in step._tensors)
        {
            if (register.IsCarried)
            {
                this[register] = tensor.alias();
            }
        }
    }

    /// <summary>h_d ← … h_2 ← h_1; what was not kept yet stays so.</summary>
    public void Shift(int depth)
    {
        for (var age = depth; age > 1; age--)
        {
            if (Find(Register.History(age - 1)) is { } younger)
            {
                this[Register.History(age)] = younger.alias();
            }
        }
    }

    public void Dispose()
    {
        foreach (var tensor in _tensors.Values)
        {
            tensor.Dispose();
        }
    }
}
