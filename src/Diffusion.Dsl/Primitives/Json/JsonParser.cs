using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Diffusion.Dsl;

/// <summary>A strict recursive-descent reader of one JSON text.</summary>
internal sealed class JsonParser(string text, string source)
{
    // Deep enough for every configuration file, shallow enough for every stack.
    private const int DepthLimit = 256;

    private int _at;

    public JsonValue Parse()
    {
        var value = Value(0);
        SkipSpace();

        return _at == text.Length ? value : throw Error("the value has ended, found " + Here());
    }

    private JsonValue Value(int depth)
    {
        if (depth > DepthLimit)
            throw Error("values are nested deeper than 256");

        SkipSpace();

        return Peek() switch
        {
            '{' => Object(depth),
            '[' => Array(depth),
            '"' => JsonValue.Of(String()),
            't' when Take("true") => JsonValue.True,
            'f' when Take("false") => JsonValue.False,
            'n' when Take("null") => JsonValue.Null,
            'N' when Take("NaN") => JsonValue.Number("NaN"),
            'I' when Take("Infinity") => JsonValue.Number("Infinity"),
            '-' when Take("-Infinity") => JsonValue.Number("-Infinity"),
            '-' or (>= '0' and <= '9') => Number(),
            _ => throw Error("a value is needed, found " + Here()),
        };
    }

    private JsonValue Object(int depth)
    {
        var members = new List<JsonMember>();
        _at++;
        SkipSpace();
        if (Peek() == '}')
        {
            _at++;
            return JsonValue.EmptyObject;
        }

        do
        {
            SkipSpace();
            if (Peek() != '"')
                throw Error("a member's name in double quotes is needed, found " + Here());
            var name = String();
            SkipSpace();
            Expect(':', "':'");
            members.Add(new JsonMember(name, Value(depth + 1)));
            SkipSpace();
        }
        while (TakeComma());

        Expect('}', "a comma or '}'");

        return JsonValue.Object(members);
    }

    private JsonValue Array(int depth)
    {
        var items = new List<JsonValue>();
        _at++;
        SkipSpace();
        if (Peek() == ']')
        {
            _at++;
            return JsonValue.Array(items);
        }

        do
        {
            items.Add(Value(depth + 1));
            SkipSpace();
        }
        while (TakeComma());

        Expect(']', "a comma or ']'");

        return JsonValue.Array(items);
    }

    private string String()
    {
        var builder = new StringBuilder();
        for (_at++; Peek() != '"'; _at++)
        {
            var c = _at < text.Length ? text[_at] : throw Error("the string is not closed");
            if (c < ' ')
                throw Error("a control character stands in a string; write it as an escape");
            builder.Append(c == '\\' ? Escape() : c);
        }

        _at++;

        return builder.ToString();
    }

    // Leaves the position on the last character of the escape.
    private char Escape()
    {
        _at++;
        switch (Peek())
        {
            case '"': return '"';
            case '\\': return '\\';
            case '/': return '/';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'u' when _at + 4 < text.Length
                && ushort.TryParse(text.Substring(_at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                _at += 4;
                return (char)code;
            default: throw Error("a backslash is followed by " + Here() + ", which is no escape of JSON");
        }
    }

    private JsonValue Number()
    {
        var start = _at;
        if (Peek() == '-')
            _at++;
        if (Peek() == '0')
            _at++;
        else
            Digits();
        if (Peek() == '.')
        {
            _at++;
            Digits();
        }

        if (Peek() is 'e' or 'E')
        {
            _at++;
            if (Peek() is '+' or '-')
                _at++;
            Digits();
        }

        return JsonValue.Number(text.Substring(start, _at - start));
    }

    private void Digits()
    {
        if (Peek() is not (>= '0' and <= '9'))
            throw Error("a digit is needed, found " + Here());
        while (Peek() is >= '0' and <= '9')
            _at++;
    }

    private void SkipSpace()
    {
        while (Peek() is ' ' or '\t' or '\n' or '\r')
            _at++;
    }

    private char Peek() => _at < text.Length ? text[_at] : '\0';

    private bool Take(string word)
    {
        if (string.CompareOrdinal(text, _at, word, 0, word.Length) != 0)
            return false;
        _at += word.Length;

        return true;
    }

    private bool TakeComma()
    {
        if (Peek() != ',')
            return false;
        _at++;

        return true;
    }

    private void Expect(char c, string name)
    {
        if (Peek() != c)
            throw Error(name + " is needed, found " + Here());
        _at++;
    }

    private string Here() => _at >= text.Length ? "the end" : "'" + text[_at] + "'";

    private DiffusionException Error(string problem)
    {
        var line = 1;
        var column = 1;
        for (var i = 0; i < _at && i < text.Length; i++)
        {
            column++;
            if (text[i] == '\n')
            {
                line++;
                column = 1;
            }
        }

        return Rules.NotJson.Error(source, problem, line, column);
    }
}
