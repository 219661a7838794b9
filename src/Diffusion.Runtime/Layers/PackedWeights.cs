using System.Threading;

namespace Diffusion.Runtime.Layers;

/// <summary>Counts packed weights, for tests of lifetimes.</summary>
internal static class PackedWeights
{
    private static int count;

    /// <summary>How many weights of the process are packed now.</summary>
    public static int Count => count;

    /// <summary>So many more.</summary>
    public static void Add(int weights) => Interlocked.Add(ref count, weights);
}
