using System;
using System.Runtime.InteropServices;

namespace Diffusion.Runtime.Kernels;

/// <summary>The working memory of attention over one head: keys and values with positions along rows, padded to whole vectors, and one row of scores.</summary>
internal sealed unsafe class HeadBuffers : IDisposable
{
    private const int Alignment = 64;

    private readonly void* _memory;

    /// <param name="keys">Number of keys L.</param>
    /// <param name="dim">Channels of the head.</param>
    /// <param name="gradients">Whether gradients of keys and values are gathered too.</param>
    public HeadBuffers(int keys, int dim, bool gradients)
    {
        Padded = (keys + 15) / 16 * 16;
        var matrix = (nuint)(dim * Padded);
        _memory = NativeMemory.AlignedAlloc(sizeof(float) * ((matrix * (gradients ? 4u : 2u)) + (2u * (nuint)Padded)), Alignment);
        Keys = (float*)_memory;
        Values = Keys + matrix;
        Scores = Values + matrix;
        ScoreGradients = Scores + Padded;
        KeyGradients = ScoreGradients + Padded;
        ValueGradients = KeyGradients + matrix;
    }

    /// <summary>L rounded up to whole vectors.</summary>
    public int Padded { get; }

    /// <summary><c>[dim, Padded]</c>, zero beyond L.</summary>
    public float* Keys { get; }

    /// <summary><c>[dim, Padded]</c>, zero beyond L.</summary>
    public float* Values { get; }

    /// <summary><c>[Padded]</c>.</summary>
    public float* Scores { get; }

    /// <summary><c>[Padded]</c>.</summary>
    public float* ScoreGradients { get; }

    /// <summary><c>[dim, Padded]</c>; only with gradients.</summary>
    public float* KeyGradients { get; }

    /// <summary><c>[dim, Padded]</c>; only with gradients.</summary>
    public float* ValueGradients { get; }

    /// <summary>Turns the rows of one head, <paramref name="stride"/> floats apart, into columns.</summary>
    public void Transpose(float* rows, float* columns, int count, int dim, nint stride)
    {
        for (var c = 0; c < dim; c++)
        {
            var column = columns + ((nint)c * Padded);
            for (var j = 0; j < count; j++)
                column[j] = rows[(j * stride) + c];
            for (var j = count; j < Padded; j++)
                column[j] = 0;
        }
    }

    /// <summary>Turns columns back into the rows of one head.</summary>
    public void TransposeBack(float* columns, float* rows, int count, int dim, nint stride)
    {
        for (var j = 0; j < count; j++)
        {
            for (var c = 0; c < dim; c++)
                rows[(j * stride) + c] = columns[((nint)c * Padded) + j];
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
