using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Runtime.Weights;
using static System.FormattableString;

namespace Diffusion.Runtime.Text;

/// <summary>Byte-pair encoding: a word begins as its bytes, and the neighbours that stand first in the list of merges become one token, until none is left.</summary>
/// <remarks>Sennrich, Haddow and Birch, arXiv:1508.07909; the last byte of a word carries its end.</remarks>
internal sealed class BytePairs
{
    // More words than a vocabulary has tokens are not kept: what is asked for may come from anywhere.
    private const int MostWords = 1 << 16;
    private const int None = -1;

    private readonly Dictionary<long, Merge> _merges = [];
    private readonly int[] _inside = new int[256];
    private readonly int[] _ending = new int[256];
    private readonly int _unknown;
    private readonly ConcurrentDictionary<string, int[]> _words = new(StringComparer.Ordinal);

    /// <param name="vocabulary">The tokens.</param>
    /// <param name="merges">Pairs of tokens parted by a space, the first that are merged first.</param>
    /// <param name="name">What the merges are called in messages: a path.</param>
    /// <param name="unknown">The number that stands for a byte which the vocabulary lacks.</param>
    /// <exception cref="DiffusionException">DIF0702: a line is no pair, names a token that is not in the vocabulary, or makes one.</exception>
    public BytePairs(Vocabulary vocabulary, IReadOnlyList<string> merges, string name, int unknown)
    {
        for (var value = 0; value < 256; value++)
        {
            var letter = ByteAlphabet.Letter((byte)value).ToString();
            _inside[value] = vocabulary.Find(letter) ?? None;
            _ending[value] = vocabulary.Find(letter + ByteAlphabet.WordEnd) ?? None;
        }

        for (var rank = 0; rank < merges.Count; rank++)
        {
            if (merges[rank].Split(' ') is not [{ Length: > 0 } left, { Length: > 0 } right])
                throw Wrong(rank, "is not two tokens with a space between them");

            // The first of two equal lines counts.
            _merges.TryAdd(Key(Id(rank, left), Id(rank, right)), new(rank, Id(rank, left + right)));
        }

        _unknown = unknown;

        int Id(int rank, string token) => vocabulary.Find(token) ?? throw Wrong(rank, $"needs the token '{token}', which the vocabulary lacks");

        DiffusionException Wrong(int rank, string what) => Rules.MergesInvalid.Error(name, Invariant($"merge {rank + 1}, '{FileText.Printable(merges[rank])}', {what}"));
    }

    /// <summary>The tokens of one word. Not to be changed: the array is kept.</summary>
    public int[] Encode(string word)
    {
        if (_words.TryGetValue(word, out var known))
            return known;

        var ids = Merged(Encoding.UTF8.GetBytes(word));
        if (_words.Count < MostWords)
            _words.TryAdd(word, ids);

        return ids;
    }

    private int[] Merged(byte[] bytes)
    {
        var ids = new int[bytes.Length];
        var next = new int[bytes.Length];
        var before = new int[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            ids[i] = i == bytes.Length - 1 ? _ending[bytes[i]] : _inside[bytes[i]];
            (before[i], next[i]) = (i - 1, i == bytes.Length - 1 ? None : i + 1);
        }

        var queue = new PriorityQueue<Candidate, long>();
        for (var i = 0; i < bytes.Length - 1; i++)
            Offer(i);

        while (queue.TryDequeue(out var candidate, out _))
        {
            // Either half may have been merged with its other neighbour in the meantime.
            var (left, right) = (candidate.At, next[candidate.At]);
            if (right == None || ids[left] != candidate.Left || ids[right] != candidate.Right)
                continue;

            ids[left] = candidate.Merge.Id;
            ids[right] = None;
            next[left] = next[right];
            if (next[left] != None)
                before[next[left]] = left;
            next[right] = None;
            if (before[left] != None)
                Offer(before[left]);
            if (next[left] != None)
                Offer(left);
        }

        var result = new List<int>(bytes.Length);
        for (var i = bytes.Length == 0 ? None : 0; i != None; i = next[i])
            result.Add(ids[i] == None ? _unknown : ids[i]);

        return [.. result];

        // Of equal merges the one further left comes first.
        void Offer(int at)
        {
            var (left, right) = (ids[at], ids[next[at]]);
            if (left != None && right != None && _merges.TryGetValue(Key(left, right), out var merge))
                queue.Enqueue(new(at, left, right, merge), ((long)merge.Rank << 32) | (uint)at);
        }
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;

    private readonly record struct Merge(int Rank, int Id);

    private readonly record struct Candidate(int At, int Left, int Right, Merge Merge);
}
