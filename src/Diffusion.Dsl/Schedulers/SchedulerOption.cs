using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>One option of a sampler: how the definition holds it, what config files call it, what it is where neither says.</summary>
/// <typeparam name="TSampler">The sampler.</typeparam>
internal sealed class SchedulerOption<TSampler>
{
    private readonly string _name;
    private readonly string _keys;
    private readonly object? _standard;
    private readonly Type? _type;
    private readonly Func<TSampler, object?> _get;
    private readonly Func<TSampler, object, TSampler>? _set;
    private readonly Func<SchedulerConfig, object?> _read;
    private readonly Func<object?, SchedulerConfig, IEnumerable<JsonMember>> _write;

    private SchedulerOption(
        string name,
        string keys,
        object? standard,
        Type? type,
        Func<TSampler, object?> get,
        Func<TSampler, object, TSampler>? set,
        Func<SchedulerConfig, object?> read,
        Func<object?, SchedulerConfig, IEnumerable<JsonMember>> write) =>
        (_name, _keys, _standard, _type, _get, _set, _read, _write) = (name, keys, standard, type, get, set, read, write);

    /// <summary>The word in code; empty for a key that nothing reads.</summary>
    public string Name => _name;

    // Only these have no key in config files.
    private bool IsInFiles => _set is not null && _keys.Length > 0;

    /// <summary>An option that only definitions say: an argument of diffusers' <c>step</c> or <c>set_timesteps</c>.</summary>
    public static SchedulerOption<TSampler> Argument<T>(string name, Func<TSampler, object?> get, Func<TSampler, T, TSampler> set, T standard)
        where T : notnull =>
        new(name, "", standard, typeof(T), get, (sampler, value) => set(sampler, (T)value), _ => null, (_, _) => []);

    /// <summary>An option that only definitions say, without a default.</summary>
    public static SchedulerOption<TSampler> OpenArgument<T>(string name, Func<TSampler, object?> get, Func<TSampler, T, TSampler> set)
        where T : struct =>
        new(name, "", null, typeof(T), get, (sampler, value) => set(sampler, (T)value), _ => null, (_, _) => []);

    /// <summary>A key that config files of the class have and that nothing here reads: written as it was.</summary>
    public static SchedulerOption<TSampler> Unread(string key, JsonValue standard) =>
        new("", key, standard, null, _ => null, null, _ => null, (_, config) => [new(key, config.Source?.Find(key) ?? standard)]);

    public static SchedulerOption<TSampler> Flag(string name, string key, Func<TSampler, bool?> get, Func<TSampler, bool, TSampler> set, bool standard) =>
        new(name, key, standard, typeof(bool), sampler => get(sampler), (sampler, value) => set(sampler, (bool)value), config => config.Flag(key), (value, _) => [new(key, JsonValue.Of((bool)value!))]);

    public static SchedulerOption<TSampler> Integer(string name, string key, Func<TSampler, int?> get, Func<TSampler, int, TSampler> set, int standard) =>
        new(name, key, standard, typeof(int), sampler => get(sampler), (sampler, value) => set(sampler, (int)value), config => config.Integer(key), (value, _) => [new(key, JsonValue.Of((int)value!))]);

    /// <summary>A list of whole numbers; the default is none.</summary>
    public static SchedulerOption<TSampler> Integers(string name, string key, Func<TSampler, EquatableArray<int>?> get, Func<TSampler, EquatableArray<int>, TSampler> set) =>
        new(
            name,
            key,
            default(EquatableArray<int>),
            typeof(EquatableArray<int>),
            sampler => get(sampler),
            (sampler, value) => set(sampler, (EquatableArray<int>)value),
            config => config.Find(key)?.Items.Select(item => item.AsInt()).ToEquatableArray(),
            (value, _) => [new(key, JsonValue.Array(((EquatableArray<int>)value!).Select(item => JsonValue.Of(item))))]);

    /// <summary>A number; with <paramref name="standard"/> null, one that may stay open.</summary>
    public static SchedulerOption<TSampler> Number(string name, string key, Func<TSampler, double?> get, Func<TSampler, double, TSampler> set, double? standard) =>
        new(name, key, standard, typeof(double), sampler => get(sampler), (sampler, value) => set(sampler, (double)value), config => config.Number(key), (value, _) => [new(key, value is double number ? JsonValue.Of(number) : JsonValue.Null)]);

    /// <summary>A seed, which may stay open.</summary>
    public static SchedulerOption<TSampler> Seed(string name, string key, Func<TSampler, long?> get, Func<TSampler, long, TSampler> set) =>
        new(name, key, null, typeof(long), sampler => get(sampler), (sampler, value) => set(sampler, (long)value), config => config.Find(key)?.AsLong(), (value, _) => [new(key, value is long seed ? JsonValue.Of(seed) : JsonValue.Null)]);

    /// <summary>A word; with <paramref name="standard"/> null, one that may stay open.</summary>
    public static SchedulerOption<TSampler> Word<T>(string name, string key, Func<TSampler, T?> get, Func<TSampler, T, TSampler> set, T? standard)
        where T : struct, Enum =>
        new(name, key, standard, typeof(T), sampler => get(sampler), (sampler, value) => set(sampler, (T)value), config => config.Word<T>(key), (value, _) => [new(key, value is T word ? JsonValue.Of(Names.Of(word)) : JsonValue.Null)]);

    /// <summary><c>clip_sample</c>, <c>clip_sample_range</c>, <c>thresholding</c> and its numbers, as far as the sampler has them.</summary>
    public static SchedulerOption<TSampler> Clamp(Func<TSampler, Clamp?> get, Func<TSampler, Clamp, TSampler> set, Clamp standard, bool clips = true, bool thresholds = true) =>
        new(
            "clamp",
            string.Join(", ", new[] { clips ? "clip_sample, clip_sample_range" : "", thresholds ? "thresholding, dynamic_thresholding_ratio, sample_max_value" : "" }.Where(keys => keys.Length > 0)),
            standard,
            typeof(Clamp),
            get,
            (sampler, value) => set(sampler, (Clamp)value),
            config => ClampJson.Read(config, clips, thresholds, standard),
            (value, _) => ClampJson.Write((Clamp)value!, clips, thresholds));

    /// <summary><c>use_karras_sigmas</c> and its siblings.</summary>
    public static SchedulerOption<TSampler> Sigmas(Func<TSampler, SigmaSchedule?> get, Func<TSampler, SigmaSchedule, TSampler> set, bool lu = false) =>
        new(
            "sigmas",
            "use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas" + (lu ? ", use_lu_lambdas" : ""),
            SigmaSchedule.FromModel,
            typeof(SigmaSchedule),
            get,
            (sampler, value) => set(sampler, (SigmaSchedule)value),
            config => SigmasJson.Read(config, lu),
            (value, config) => SigmasJson.Write((SigmaSchedule)value!, config, lu));

    /// <summary><c>sigma_schedule</c> and <c>rho</c>.</summary>
    public static SchedulerOption<TSampler> EdmSigmas(Func<TSampler, SigmaSchedule?> get, Func<TSampler, SigmaSchedule, TSampler> set) =>
        new("sigmas", "sigma_schedule, rho", SigmaSchedule.Karras(), typeof(SigmaSchedule), get, (sampler, value) => set(sampler, (SigmaSchedule)value), EdmSigmasJson.Read, (value, _) => EdmSigmasJson.Write((SigmaSchedule)value!));

    /// <summary>The sampler with the option filled in: said, else as the config says, else the default. A config's word of another family becomes one of this.</summary>
    public TSampler Resolve(TSampler sampler, SchedulerConfig config) =>
        !IsInFiles || _get(sampler) is not null || (_read(config) ?? _standard) is not { } value ? sampler : _set!(sampler, value);

    /// <summary>What the definition says of the option, as receipts hold it; null where it leaves it open or, as <paramref name="plain"/> does, at its default.</summary>
    /// <param name="sampler">The definition.</param>
    /// <param name="plain">One that says nothing; null: defaults are written as well.</param>
    public JsonMember? ToJson(TSampler sampler, TSampler? plain) =>
        _type is null || _get(sampler) is not { } value || (plain is not null && value.Equals(_get(plain))) ? null : new(_name, OptionJson.Write(value));

    /// <summary>The definition with the option as a receipt says it.</summary>
    /// <param name="sampler">The definition.</param>
    /// <param name="json">The value.</param>
    /// <exception cref="DiffusionException">DIF0464, DIF0581, DIF0582: it is no value of the option.</exception>
    public TSampler FromJson(TSampler sampler, JsonValue json) => _set!(sampler, OptionJson.Read(_type!, _name, json));

    /// <summary>A word of another family that the definition itself says: what a config's would become is not what was asked for.</summary>
    public IEnumerable<Finding> Check(TSampler sampler)
    {
        if (IsInFiles && _get(sampler) is Enum word && !Keeps(word))
        {
            var known = Enum.GetValues(word.GetType()).Cast<Enum>().Where(Keeps).Select(Names.Of);
            yield return Rules.UnknownWord.Found(Text.Keys, Names.Of(word), string.Join(", ", known) + " here");
        }

        bool Keeps(Enum value) => value.Equals(_get(_set!(sampler, value)));
    }

    /// <summary>The option's value and who said it; null: it stays open, or is one that only definitions say and this one does not.</summary>
    public ResolvedOption? Explain(TSampler sampler, SchedulerConfig config)
    {
        var said = _get(sampler);
        return !IsInFiles ? said is null || said.Equals(_standard) ? null : ResolvedOption.Of(_name, said, OptionOrigin.Definition)
            : said is not null ? ResolvedOption.Of(_name, said, OptionOrigin.Definition)
            : _read(config) is { } read ? ResolvedOption.Of(_name, read, OptionOrigin.Checkpoint)
            : _standard is not null ? ResolvedOption.Of(_name, _standard, OptionOrigin.Default)
            : null;
    }

    /// <summary>Writes the option if it is not the default.</summary>
    public Signature Say(TSampler sampler, Signature signature) => signature.Option(_name, _get(sampler), _standard);

    /// <summary>The option's members in a config file. If it is as the file said, they are what stands there: a file may say more than is read of it.</summary>
    public IEnumerable<JsonMember> Write(TSampler sampler, SchedulerConfig config)
    {
        var value = _get(sampler) ?? _standard;
        var members = _write(value, config);
        return Equals(value, _read(config) ?? _standard) ? SchedulerConfigJson.Kept(members, config.Source) : members;
    }

    /// <summary>The option for a reader.</summary>
    public OptionText Text => new(_name, _keys, _standard is Enum word ? Names.Of(word) : _standard is null or EquatableArray<int> or EquatableArray<double> ? "" : Dsl.Text.Of(_standard));

    /// <summary>The word in code and the keys of config files: <c>spacing (timestep_spacing)</c>.</summary>
    public override string ToString() => _keys.Length == 0 ? _name : _name + " (" + _keys + ")";
}
