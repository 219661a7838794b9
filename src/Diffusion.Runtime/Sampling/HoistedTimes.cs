using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Models;

namespace Diffusion.Runtime.Sampling;

/// <summary>The time embeddings of all steps of a sampler, found by timestep.</summary>
/// <param name="prepare">Computes them with the model.</param>
internal sealed class HoistedTimes(Func<double[], PreparedTimes> prepare) : IDisposable
{
    private PreparedTimes? _times;
    private Dictionary<float, int> _rows = [];

    /// <summary>Computes all embeddings and every resnet's projection of them in one batched product; replaces earlier ones.</summary>
    public void Prepare(IReadOnlyList<double> timesteps)
    {
        // The model is told float32, in which timesteps that are not whole may meet.
        var distinct = timesteps.Select(timestep => (float)timestep).Distinct().ToArray();
        _times?.Dispose();
        _times = prepare(Array.ConvertAll(distinct, timestep => (double)timestep));
        _rows = distinct.Select((timestep, row) => (timestep, row)).ToDictionary(pair => pair.timestep, pair => pair.row);
    }

    /// <summary>The embeddings and the row of a timestep, or null where it was not prepared.</summary>
    public (PreparedTimes Times, int Row)? Find(double timestep) =>
        _times is not null && _rows.TryGetValue((float)timestep, out var row) ? (_times, row) : null;

    public void Dispose() => _times?.Dispose();
}
