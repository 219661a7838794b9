using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Samplers as receipts hold them: name, steps, and the options by their words in code.</summary>
internal static class SamplerJson
{
    /// <summary>What the definition says.</summary>
    public static JsonValue Write(Scheduler sampler) => Write(sampler, Plain(sampler.Name));

    /// <summary>All options that have a value, said or not.</summary>
    public static JsonValue WriteAll(Scheduler sampler) => Write(sampler, null);

    /// <exception cref="DiffusionException">DIF0464: the sampler or an option of it is unknown; DIF0581, DIF0582: a value is missing or not of its kind.</exception>
    public static Scheduler Read(JsonValue json)
    {
        var name = json["name"].AsString();
        var sampler = json.AsObject().Where(member => member.Name is not ("name" or "steps")).Aggregate(
            Plain(name) ?? throw Rules.ReceiptUnknownName.Error("sampler", name, string.Join(", ", Schedulers.All.Select(entry => entry.Name))),
            (before, member) => before.WithJson(member) ?? throw Rules.ReceiptUnknownName.Error("option of " + name, member.Name, string.Join(", ", before.OptionTexts.Select(option => option.Name).Where(option => option.Length > 0))));

        // Last: options that list timesteps or levels count them.
        return sampler.WithStepCount(Fields.Integer(json, "steps"));
    }

    private static JsonValue Write(Scheduler sampler, Scheduler? plain) =>
        Fields.Object([Fields.Of("name", sampler.Name), Fields.Of("steps", sampler.StepCount), .. sampler.JsonMembers(plain)]);

    private static Scheduler? Plain(string name) => Schedulers.All.FirstOrDefault(entry => entry.Name == name)?.Create(1);
}
