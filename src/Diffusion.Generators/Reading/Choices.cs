using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Generators.Reading;

/// <summary>
/// Where an expression can have several values (both arms of a condition, several assignments) one is taken per reading; the next reading takes the
/// next combination, until all were read.
/// </summary>
internal sealed class Choices
{
    private readonly List<Choice> _taken = [];
    private readonly Dictionary<(object Place, Scope? Scope), int> _met = [];

    /// <summary>Whether what is read now certainly can happen: combinations of choices may exclude each other, and an assignment may be overwritten unread.</summary>
    public bool CanHappen => _met.Count == 0 || (_met.Count == 1 && _taken[0].IsCondition);

    /// <summary>Takes one of <paramref name="count"/> alternatives: always the same one at the same place within one reading.</summary>
    /// <param name="place">The syntax node or symbol that has the alternatives.</param>
    /// <param name="scope">The call it is read in.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="isCondition">Whether each alternative is an arm of a condition.</param>
    public int Take(object place, Scope? scope, int count, bool isCondition)
    {
        if (count == 1)
        {
            return 0;
        }

        if (!_met.TryGetValue((place, scope), out var index))
        {
            index = _met.Count;
            _met.Add((place, scope), index);
            if (index == _taken.Count)
            {
                _taken.Add(new Choice(0, count, isCondition));
            }
        }

        return _taken[index].Taken;
    }

    /// <summary>Goes on to the next combination; false when there is none.</summary>
    public bool Next()
    {
        _met.Clear();
        while (_taken.Count > 0 && _taken.Last() is var last)
        {
            _taken.RemoveAt(_taken.Count - 1);
            if (last.Taken + 1 < last.Count)
            {
                _taken.Add(last with { Taken = last.Taken + 1 });
                return true;
            }
        }

        return false;
    }

    private sealed record Choice(int Taken, int Count, bool IsCondition);
}
