using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.Samplers;

/// <summary>A recorded <c>scheduler_config.json</c>.</summary>
/// <param name="Name">Class and case.</param>
/// <param name="Whole">The file as diffusers writes it, sorted.</param>
/// <param name="Said">Only what the case set; diffusers filled in the rest.</param>
internal sealed record SchedulerFile(string Name, JsonValue Whole, JsonValue Said)
{
    private static readonly string Folder = Repository.PathOf("tests/Diffusion.Tests/Golden/schedulers");

    /// <summary>The recorded files of the registry's samplers.</summary>
    public static SchedulerFile[] All { get; } = Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories).Order().Select(Read)
        .Where(file => Schedulers.All.Any(entry => entry.DiffusersClass == file.Class))
        .ToArray();

    public string Class => Whole["_class_name"].AsString();

    /// <summary>The config that the file gives.</summary>
    public SchedulerConfig Config => SchedulerConfigJson.Read(Whole);

    private static SchedulerFile Read(string path)
    {
        var json = JsonValue.Parse(File.ReadAllText(path), path);
        var whole = Bare(json["scheduler_config"]);
        var said = Bare(json["constructor_args"]).With("_class_name", whole["_class_name"]).With("_diffusers_version", whole["_diffusers_version"]);
        return new(Path.GetRelativePath(Folder, path).Replace('\\', '/'), Sorted(whole), said);
    }

    private static JsonValue Sorted(JsonValue json) => JsonValue.Parse(json.ToIndentedString());

    // The records are strict JSON; the files of diffusers are not.
    private static JsonValue Bare(JsonValue json) => JsonValue.Object(json.Members.Select(member =>
        member.Value.Kind == JsonKind.String && member.Value.AsString() == "-Infinity" ? new JsonMember(member.Name, JsonValue.Of(double.NegativeInfinity)) : member));
}
