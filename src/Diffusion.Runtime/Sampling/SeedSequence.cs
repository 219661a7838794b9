using System.Collections.Generic;

namespace Diffusion.Runtime.Sampling;

/// <summary>
/// numpy's SeedSequence: spreads a seed and the place of a child over a pool of 32-bit words, so that children of one seed, and those of neighbouring seeds,
/// are independent. After O'Neill's seed_seq (2015, "Developing a seed_seq alternative"), with numpy's constants.
/// </summary>
internal static class SeedSequence
{
    private const int PoolSize = 24; // torchsde's for its trees; numpy's own is 4

    /// <summary>The first word of <c>SeedSequence(seed, spawn_key=spawnKey, pool_size=24).generate_state</c>.</summary>
    /// <param name="seed">The entropy.</param>
    /// <param name="spawnKey">The place of the child; empty for the root.</param>
    public static uint FirstWord(ulong seed, params ulong[] spawnKey)
    {
        unchecked
        {
            // generate_state: the pool's first word, hashed with other constants.
            var word = Mixed(Entropy(seed, spawnKey))[0] ^ 0x8b51f9ddu;
            word *= 0x8b51f9ddu * 0x58f38dedu;
            return word ^ (word >> 16);
        }
    }

    private static List<uint> Entropy(ulong seed, ulong[] spawnKey)
    {
        var words = new List<uint>();
        Append(words, seed);
        while (spawnKey.Length > 0 && words.Count < PoolSize)
        {
            words.Add(0);
        }

        foreach (var key in spawnKey)
        {
            Append(words, key);
        }

        return words;
    }

    private static void Append(List<uint> words, ulong number)
    {
        words.Add((uint)number);
        if (number > uint.MaxValue)
        {
            words.Add((uint)(number >> 32));
        }
    }

    private static uint[] Mixed(List<uint> entropy)
    {
        var (pool, hash) = (new uint[PoolSize], 0x43b0d7e5u);
        for (var i = 0; i < PoolSize; i++)
        {
            pool[i] = Hashed(i < entropy.Count ? entropy[i] : 0, ref hash);
        }

        for (var source = 0; source < PoolSize; source++)
        {
            for (var target = 0; target < PoolSize; target++)
            {
                pool[target] = source == target ? pool[target] : Mix(pool[target], Hashed(pool[source], ref hash));
            }
        }

        for (var source = PoolSize; source < entropy.Count; source++)
        {
            for (var target = 0; target < PoolSize; target++)
            {
                pool[target] = Mix(pool[target], Hashed(entropy[source], ref hash));
            }
        }

        return pool;
    }

    private static uint Hashed(uint value, ref uint hash)
    {
        unchecked
        {
            value ^= hash;
            hash *= 0x931e8875u;
            value *= hash;
            return value ^ (value >> 16);
        }
    }

    private static uint Mix(uint x, uint y)
    {
        unchecked
        {
            var result = (0xca01f9ddu * x) - (0x4973f715u * y);
            return result ^ (result >> 16);
        }
    }
}
