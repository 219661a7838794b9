using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Torch;

/// <summary>Interprets the pickle of a PyTorch checkpoint. There is nothing in it to run: every callable of its short list is built in here.</summary>
/// <remarks>
/// Source: the opcodes of Python's <c>pickletools</c>, protocols 2 to 5. An object of any other class, as training frameworks put beside the tensors, becomes
/// a <see cref="PickleUnknown"/>, and so does whatever is made of it. An opcode that names nothing (EXT, the out-of-band buffers, the text opcodes of
/// protocol 0) is refused. The work is linear in the length of the text, and nothing here recurses.
/// </remarks>
internal sealed partial class PickleReader
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    // No checkpoint keeps a tensor in one.
    private static readonly PickleUnknown Set = new("builtins.set");

    private readonly byte[] _text;
    private readonly string _path;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _at;

    private PickleReader(byte[] text, string path) => (_text, _path) = (text, path);

    /// <summary>The value that a pickle describes.</summary>
    /// <param name="text">The pickle.</param>
    /// <param name="path">The file, for messages.</param>
    /// <returns>null, bool, long, double, string, byte[], <see cref="List{T}"/> or one of the types of PickleObjects.cs.</returns>
    /// <exception cref="DiffusionException">DIF0505: the pickle is damaged. DIF0506: it asks for code. DIF0510: an element type that is not supported.</exception>
    public static object? Read(byte[] text, string path) => new PickleReader(text, path).Read();

    private object? Read()
    {
        if (_text is not [0x80, >= 2 and <= 5, ..])
            throw Damaged("its pickle does not start with protocol 2 to 5");

        while (true)
        {
            var code = (char)Byte();
            if (code == '.')
                return _stack.Count == 1 ? _stack[0] : throw Damaged("its pickle ends before its value is complete");
            Step(code);
        }
    }

    private void Step(char code)
    {
        switch (code)
        {
            // Framing says nothing that matters when the whole text is in memory.
            case '\x80': Take(1); break;
            case '\x95': Take(8); break;

            case 'N': Push(null); break;
            case '\x88': Push(true); break;
            case '\x89': Push(false); break;
            case 'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case 'K': Push((long)Byte()); break;
            case 'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case '\x8a': Push(Long(Take(Byte()))); break;
            case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
            case 'X': Push(String(Length(4))); break;
            case '\x8c': Push(String(Byte())); break;
            case '\x8d': Push(String(Length(8))); break;
            case 'C': Push(Take(Byte()).ToArray()); break;
            case 'B': Push(Take(Length(4)).ToArray()); break;
            case '\x8e' or '\x96': Push(Take(Length(8)).ToArray()); break;

            case '(': Push(PickleMark.Instance); break;
            case ')': Push(new PickleTuple([])); break;
            case '\x85': Push(new PickleTuple([.. Pop(1)])); break;
            case '\x86': Push(new PickleTuple([.. Pop(2)])); break;
            case '\x87': Push(new PickleTuple([.. Pop(3)])); break;
            case 't': Push(new PickleTuple([.. PopToMark()])); break;
            case ']': Push(new List<object?>()); break;
            case 'l': Push(PopToMark()); break;
            case 'a': Append(Pop(1)); break;
            case 'e': Append(PopToMark()); break;
            case '}': Push(new PickleDict()); break;
            case 's': SetItems(Pop(2)); break;
            case 'u': SetItems(PopToMark()); break;
            case '\x8f': Push(Set); break;
            case '\x90': Append(PopToMark()); break;
            case '\x91': PopToMark(); Push(Set); break;
            case '0': Pop(1); break;
            case '1': PopToMark(); break;
            case '2': Push(Top()); break;

            case 'q': _memo[Byte()] = Top(); break;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(); break;
            case '\x94': _memo[_memo.Count] = Top(); break;
            case 'h': Push(Recall(Byte())); break;
            case 'j': Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;

            case 'c': Push(Global(Line(), Line())); break;
            case '\x93': PushStackGlobal(); break;
            case 'R': Reduce(); break;
            case 'b': Build(); break;
            case 'Q': Push(Persistent(Pop(1)[0])); break;

            case '\x81': Construct(Pop(2)); break;
            case '\x92': Construct(Pop(3)); break;
            case 'o': Construct(PopToMark()); break;
            case 'i': Construct([Global(Line(), Line()), .. PopToMark()]); break;
            case '\x82' or '\x83' or '\x84': throw Forbidden("an extension registered in the Python process");
            default: throw Damaged($"its pickle has the opcode 0x{(int)code:x2} at byte {_at - 1}, which PyTorch does not write");
        }
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Top() => _stack.Count > 0 && _stack[^1] is not PickleMark ? _stack[^1] : throw Damaged("its pickle takes a value that is not there");

    private List<object?> Pop(int count)
    {
        if (_stack.Count < count || _stack.TakeLast(count).Any(value => value is PickleMark))
            throw Damaged("its pickle takes a value that is not there");
        var values = _stack.GetRange(_stack.Count - count, count);
        _stack.RemoveRange(_stack.Count - count, count);
        return values;
    }

    private List<object?> PopToMark()
    {
        var mark = _stack.LastIndexOf(PickleMark.Instance);
        if (mark < 0)
            throw Damaged("its pickle closes a run of values that was not opened");
        var values = _stack.GetRange(mark + 1, _stack.Count - mark - 1);
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private void Append(List<object?> values)
    {
        if (Top() is PickleUnknown)
            return;
        if (Top() is not List<object?> list)
            throw Damaged("its pickle appends to what is no list");
        list.AddRange(values);
    }

    private void SetItems(List<object?> values)
    {
        if (Top() is PickleUnknown)
            return;
        if (Top() is not PickleDict dict || values.Count % 2 != 0)
            throw Damaged("its pickle sets items of what is no dict");
        dict.Items.AddRange(values.Chunk(2).Select(pair => (pair[0], pair[1])));
    }

    private object? Recall(long index) => _memo.TryGetValue(index, out var value) ? value : throw Damaged("its pickle refers to a value that it has not stored");

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _text.Length - _at)
            throw Damaged("its pickle breaks off");
        _at += count;
        return _text.AsSpan(_at - count, count);
    }

    private int Length(int bytes)
    {
        var length = bytes == 4 ? BinaryPrimitives.ReadUInt32LittleEndian(Take(4)) : BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        return length <= (ulong)_text.Length ? (int)length : throw Damaged("its pickle breaks off");
    }

    private long Long(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 8)
            throw Damaged("its pickle holds a number of more than 63 bits");
        var value = 0L;
        for (var i = bytes.Length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        var unused = 64 - (8 * bytes.Length);
        return bytes.Length == 0 ? 0 : value << unused >> unused; // two's complement of as many bytes as there are
    }

    private string String(int length)
    {
        try
        {
            return Strict.GetString(Take(length));
        }
        catch (DecoderFallbackException)
        {
            throw Damaged("a text in its pickle is not UTF-8");
        }
    }

    private string Line()
    {
        var length = _text.AsSpan(_at).IndexOf((byte)'\n');
        var line = String(length >= 0 ? length : throw Damaged("its pickle breaks off"));
        _at++;
        return line;
    }

    private DiffusionException Damaged(string how) => Rules.TorchFileDamaged.Error(_path, how);

    private DiffusionException Forbidden(string what) => Rules.PickleForbidden.Error(_path, what);
}
