using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Training;

/// <summary>States of the forward process at some timesteps; dispose it, or hold it in a dispose scope.</summary>
/// <param name="Schedule">How noisy each timestep is.</param>
/// <param name="Timesteps">t of each state.</param>
/// <param name="States">x_t, shape <c>[K, …]</c>: one for each timestep, then the shape of x_0.</param>
public sealed record ForwardStates(NoiseSchedule Schedule, EquatableArray<int> Timesteps, Tensor States) : IDisposable
{
    /// <summary>√ᾱ_t of each state: how much of the picture is left.</summary>
    public IReadOnlyList<double> Signals
    {
        get
        {
            var curve = Schedule.Curve();
            return [.. Timesteps.Select(timestep => Math.Sqrt(curve.AlphaBar(timestep)))];
        }
    }

    /// <summary>The states as pictures side by side, with √ᾱ_t written under each; several pictures give several rows.</summary>
    /// <param name="enlarge">Side of the square that one pixel becomes, 1 or more; small pictures need it for the captions to fit.</param>
    /// <param name="padding">Pixels between pictures and around them, at least 0.</param>
    /// <exception cref="DiffusionException">DIF0451: x_0 was no picture <c>[C, H, W]</c> and no batch <c>[N, C, H, W]</c>. DIF0455: a number out of range.</exception>
    public Image Strip(int enlarge = 1, int padding = 2)
    {
        using var scope = NewDisposeScope();
        var batches = States.dim() == 4 ? States.unsqueeze(1) : States;
        if (batches.dim() != 5)
            throw Rules.ImageTensorShape.Error("[" + string.Join(", ", States.shape.Skip(1)) + "]", "[C, H, W] or [N, C, H, W]");

        var columns = Enumerable.Range(0, Timesteps.Count).Select(i => Image.FromBatch(batches[i])).ToArray();
        var captions = Signals.Select(signal => signal.ToString("0.0000", CultureInfo.InvariantCulture).TrimStart('0')).ToArray();
        var rows = Enumerable.Range(0, columns[0].Count)
            .SelectMany(row => columns.Select((column, i) => column[row].Enlarge(enlarge).WithCaption(captions[i])));
        return Image.Grid(rows, Timesteps.Count, padding);
    }

    /// <summary>Frees the tensor.</summary>
    public void Dispose() => States.Dispose();
}
