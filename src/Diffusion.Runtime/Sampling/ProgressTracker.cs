using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Runtime.Sampling;

/// <summary>Counts the work of one call in rows that the network sees, times it, and tells how long the rest may take. Belongs to one thread at a time.</summary>
/// <param name="rows">For each step of a batch, how many rows the network sees for one picture: two where guidance evaluates both halves.</param>
/// <param name="pictures">Pictures of the whole call.</param>
/// <param name="batch">Pictures sampled at once.</param>
/// <param name="decodes">Whether an autoencoder makes the pictures.</param>
/// <param name="told">Who is told; null: nobody.</param>
/// <param name="clock">The time; null: the system's.</param>
internal sealed class ProgressTracker(IReadOnlyList<int> rows, int pictures, int batch, bool decodes, IProgress<SamplingProgress>? told = null, TimeProvider? clock = null)
{
    // What a decoder costs in multiply-adds compared with one row of its U-Net, in Stable Diffusion about: until it was timed.
    private const int DecodedRows = 3;

    // Enough for a median that a busy second does not move, few enough to follow a machine that slows down.
    private const int Latest = 25;

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly long _start = (clock ?? TimeProvider.System).GetTimestamp();
    private readonly Queue<double> _perRow = new();
    private readonly List<double> _perDecoding = [];
    private readonly int _steps = rows.Count * ((pictures + batch - 1) / batch);
    private readonly long _totalRows = (long)rows.Sum() * pictures;
    private SamplingStage _stage = SamplingStage.Sampling;
    private long _doneRows;
    private long _began;
    private int _step;
    private int _decoded;

    /// <summary>How far the call has come.</summary>
    public SamplingProgress Now
    {
        get
        {
            var decodings = decodes ? pictures : 0;
            var fraction = (_doneRows + ((double)_decoded * DecodedRows)) / (_totalRows + ((double)decodings * DecodedRows));
            return new(_stage, _step, _steps, fraction, _clock.GetElapsedTime(_start), Remaining(decodings - _decoded));
        }
    }

    /// <summary>Prompts are encoded from now on.</summary>
    public void EncodesText() => Tell(SamplingStage.TextEncoding);

    /// <summary>A step or a decoding begins: the time of earlier work, or of whoever looks at it, is not its own.</summary>
    public void Begins() => _began = _clock.GetTimestamp();

    /// <summary>A picture is decoded from now on.</summary>
    public void Decodes()
    {
        Tell(SamplingStage.Decoding);
        Begins();
    }

    /// <summary>A picture was decoded.</summary>
    public void HasDecoded()
    {
        _perDecoding.Add(Since());
        _decoded++;
        Tell(SamplingStage.Decoding);
    }

    /// <summary>A step was done.</summary>
    /// <param name="index">Which of its batch.</param>
    /// <param name="count">How many pictures the batch has.</param>
    public void HasStepped(int index, int count)
    {
        var work = Math.Max(rows[index], 1) * count;
        if (_step == 1 || _perRow.Count == Latest)
        {
            _perRow.Dequeue();
        }

        _perRow.Enqueue(Since() / work);
        _doneRows += rows[index] * count;
        _step++;
        Tell(SamplingStage.Sampling);
    }

    private TimeSpan? Remaining(int decodings)
    {
        if (_perRow.Count == 0)
        {
            return null;
        }

        var row = Median(_perRow);
        return TimeSpan.FromSeconds(((_totalRows - _doneRows) * row) + (decodings * (_perDecoding.Count == 0 ? DecodedRows * row : Median(_perDecoding))));
    }

    private double Since() => _clock.GetElapsedTime(_began).TotalSeconds;

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private void Tell(SamplingStage stage)
    {
        _stage = stage;
        told?.Report(Now);
    }
}
