using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Diffusion.Runtime.Kernels;

/// <summary>The working memory of attention over one head: 16 queries at a time, against all keys.</summary>
internal sealed unsafe class HeadBuffers : IDisposable
{
    /// <summary>Queries at a time.</summary>
    public const int Lanes = 16;

    private const int Alignment = 64;
    private const int Block = Lanes * HeadAttention.Dim;

    private readonly void* _memory;

    /// <param name="keys">Number of keys L.</param>
    /// <param name="gradients">Whether gradients are computed too.</param>
    public HeadBuffers(int keys, bool gradients)
    {
        var matrix = (nuint)keys * Lanes;
        _memory = NativeMemory.AlignedAlloc(sizeof(float) * ((3u * Block) + (2u * Lanes) + (matrix * (gradients ? 2u : 1u))), Alignment);
        QueryRows = (float*)_memory;
        GradientRows = QueryRows + Block;
        Columns = GradientRows + Block;
        LogSums = Columns + Block;
        Differences = LogSums + Lanes;
        Scores = Differences + Lanes;
        ScoreGradients = Scores + matrix;
    }

    /// <summary><c>[16, 8]</c>: the queries, scaled; zero beyond the last.</summary>
    public float* QueryRows { get; }

    /// <summary><c>[16, 8]</c>: the gradients that come in; zero beyond the last.</summary>
    public float* GradientRows { get; }

    /// <summary><c>[8, 16]</c>: channels along rows.</summary>
    public float* Columns { get; }

    /// <summary><c>[16]</c>.</summary>
    public float* LogSums { get; }

    /// <summary><c>[16]</c>: the product of gradient and output.</summary>
    public float* Differences { get; }

    /// <summary><c>[L, 16]</c>.</summary>
    public float* Scores { get; }

    /// <summary><c>[L, 16]</c>; only with gradients.</summary>
    public float* ScoreGradients { get; }

    /// <summary>Rows that are <paramref name="stride"/> floats apart become neighbours, times a factor.</summary>
    public static void Pack(float* rows, float* packed, int count, nint stride, float factor)
    {
        for (var lane = 0; lane < Lanes; lane++)
            (lane < count ? Vector256.Load(rows + (lane * stride)) * factor : Vector256<float>.Zero).Store(packed + (lane * HeadAttention.Dim));
    }

    /// <summary>Packed rows become columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(float* packed, float* columns)
    {
        for (var lane = 0; lane < Lanes; lane++)
        {
            for (var c = 0; c < HeadAttention.Dim; c++)
                columns[(c * Lanes) + lane] = packed[(lane * HeadAttention.Dim) + c];
        }
    }

    /// <summary>Columns become rows that are <paramref name="stride"/> floats apart, times a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(float* columns, float* rows, int count, nint stride, float factor)
    {
        for (var lane = 0; lane < count; lane++)
        {
            for (var c = 0; c < HeadAttention.Dim; c++)
                rows[(lane * stride) + c] = columns[(c * Lanes) + lane] * factor;
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(_memory);
}
