using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Runtime.Text;

/// <summary>
/// Deals tokens out to chunks as the stable-diffusion-webui does: a full chunk is closed, but what stands behind its last comma goes to the next one if that comma is near.
/// </summary>
/// <param name="room">The tokens of a chunk, without start and end.</param>
/// <param name="comma">The number of the comma; null where the vocabulary has none.</param>
/// <param name="backtrack">How far from the end of a chunk a comma may be to be its end; 0: never.</param>
internal sealed class ChunkWriter(int room, int? comma, int backtrack)
{
    private readonly List<List<KeyValuePair<int, double>>> _closed = [];
    private List<KeyValuePair<int, double>> _tokens = [];
    private int _lastComma = -1;

    public void Add(int id, double weight)
    {
        if (id == comma)
        {
            _lastComma = _tokens.Count;
        }
        else if (_tokens.Count == room && _lastComma >= 0 && room - _lastComma <= backtrack)
        {
            var moved = _tokens.Skip(_lastComma + 1).ToList();
            _tokens.RemoveRange(_lastComma + 1, _tokens.Count - _lastComma - 1);
            Close();
            _tokens = moved;
        }

        if (_tokens.Count == room)
            Close();

        _tokens.Add(new(id, weight));
    }

    public void Close()
    {
        _closed.Add(_tokens);
        _tokens = [];
        _lastComma = -1;
    }

    /// <summary>The numbers and weights of each chunk; at least one chunk.</summary>
    public IReadOnlyList<IReadOnlyList<KeyValuePair<int, double>>> Finish()
    {
        if (_tokens.Count > 0 || _closed.Count == 0)
            Close();

        return _closed;
    }
}
