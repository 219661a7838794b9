using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// Reads the members of one model configuration, each with its default, remembers which names it was asked for, and collects everything that
/// has the wrong kind, so that one error tells all.
/// </summary>
internal sealed class ConfigReader(JsonValue json, string model)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly List<Finding> _findings = [];

    /// <summary>The members that nobody asked for, in their order.</summary>
    public EquatableArray<JsonMember> Unknown => json.Members.Where(member => !_known.Contains(member.Name)).ToEquatableArray();

    public int Int(string name, int otherwise) => Read(name, otherwise, "a whole number", value => value.AsInt());

    public int? OptionalInt(string name, int? otherwise) => Read(name, otherwise, "a whole number or null", value => value.AsInt(), whenNull: null);

    public double Double(string name, double otherwise) => Read(name, otherwise, "a number", value => value.AsDouble());

    public double? OptionalDouble(string name, double? otherwise) => Read(name, otherwise, "a number or null", value => value.IsNull ? (double?)null : value.AsDouble());

    public bool Boolean(string name, bool otherwise) => Read(name, otherwise, "true or false", value => value.AsBoolean());

    public string String(string name, string otherwise) => Read(name, otherwise, "a string", value => value.AsString());

    public string? OptionalString(string name, string? otherwise) => Read(name, otherwise, "a string or null", value => value.AsString(), whenNull: null);

    public EquatableArray<string> Strings(string name, EquatableArray<string> otherwise) =>
        Read(name, otherwise, "a list of strings", value => Items(value).Select(item => item.AsString()).ToEquatableArray());

    public EquatableArray<int> Ints(string name, EquatableArray<int> otherwise) =>
        Read(name, otherwise, "a list of whole numbers", value => Items(value).Select(item => item.AsInt()).ToEquatableArray());

    public bool OptionalBoolean(string name, bool whenNull) => Read(name, whenNull, "true, false or null", value => value.IsNull ? whenNull : value.AsBoolean());

    /// <summary>Null gives no element, a number one, a list all of its own.</summary>
    public EquatableArray<int> OneOrInts(string name) => Read(
        name,
        default,
        "a whole number, a list of them or null",
        value => value.Kind == JsonKind.Array ? value.Items.Select(item => item.AsInt()).ToEquatableArray() : EquatableArray.Of(value.AsInt()),
        whenNull: default(EquatableArray<int>));

    /// <summary>As <see cref="OneOrInts"/>, of true (1) and false (0).</summary>
    public EquatableArray<int> OneOrFlags(string name) => Read(
        name,
        default,
        "true, false or a list of them",
        value => (value.Kind == JsonKind.Array ? value.Items : EquatableArray.Of(value)).Select(item => item.AsBoolean() ? 1 : 0).ToEquatableArray(),
        whenNull: default(EquatableArray<int>));

    /// <summary>A member of which one value is known: another one is told.</summary>
    public void Expect(JsonMember member)
    {
        _known.Add(member.Name);
        if (json.Find(member.Name) is { } value && value.ToString() != member.Value.ToString() && !value.IsNull)
            _findings.Add(Rules.UnknownChoice.Found(member.Name, value, member.Value));
    }

    /// <summary>Null gives no element.</summary>
    public EquatableArray<double> OptionalDoubles(string name) => Read(
        name,
        default,
        "a list of numbers or null",
        value => Items(value).Select(item => item.AsDouble()).ToEquatableArray(),
        whenNull: default(EquatableArray<double>));

    /// <summary>Null gives no element, a number one, a pair two.</summary>
    public EquatableArray<int> Size(string name) => Read(
        name,
        default,
        "a whole number, a pair of them or null",
        value => value.Kind == JsonKind.Array && value.Items.Count == 2 ? value.Items.Select(item => item.AsInt()).ToEquatableArray() : EquatableArray.Of(value.AsInt()),
        whenNull: default(EquatableArray<int>));

    /// <exception cref="DiffusionException">DIF0408: the configuration names another class. DIF0406: members have other kinds than they should.</exception>
    public void ThrowIfWrong()
    {
        if (_findings.Count > 0)
            throw new DiffusionException(_findings);
    }

    /// <summary>Checks <c>_class_name</c>, which files always have and hand-written objects may lack.</summary>
    public void ExpectClass()
    {
        _known.Add("_class_name");
        if (json.Find("_class_name") is { Kind: JsonKind.String } name && name.AsString() != model)
            throw Rules.OtherModelClass.Error(name.AsString(), model);
    }

    private static IEnumerable<JsonValue> Items(JsonValue value) =>
        value.Kind == JsonKind.Array ? value.Items : throw Rules.JsonKindMismatch.Error(value, value.Kind, "an array");

    private T Read<T>(string name, T otherwise, string needed, Func<JsonValue, T> read)
    {
        _known.Add(name);
        if (json.Find(name) is not { } value)
            return otherwise;

        try
        {
            return read(value);
        }
        catch (DiffusionException)
        {
            _findings.Add(Rules.ConfigKindMismatch.Found(name, model, value, needed));
            return otherwise;
        }
    }

    private T Read<T>(string name, T otherwise, string needed, Func<JsonValue, T> read, T whenNull) =>
        Read(name, otherwise, needed, value => value.IsNull ? whenNull : read(value));

    private int? Read(string name, int? otherwise, string needed, Func<JsonValue, int> read, int? whenNull) =>
        Read<int?>(name, otherwise, needed, value => value.IsNull ? whenNull : read(value));
}
