using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Parity;

/// <summary>Why nothing answers a case yet.</summary>
internal static class Later
{
    /// <summary>The words between the brackets of <c>skip (…)</c>.</summary>
    public static string Reason(GoldenCase golden) => golden switch
    {
        { IsModel: true, Content.Kind: JsonKind.Null } => "later issue: a model without a config.json",
        { IsModel: true } => "later issue: model " + (golden.Word("_class_name") ?? golden.Word("model_type") ?? "without a class"),
        _ when golden.Word("pipeline") is { } pipeline => "later issue: pipeline " + pipeline,
        _ when golden.Word("scheduler_class") is { } scheduler => "later issue: scheduler " + scheduler,
        _ when golden.Content.Kind == JsonKind.Object && golden.Content.Find("cases") is { Kind: JsonKind.Array } cases && cases.Items.Count > 0 && cases.Items[0].Kind == JsonKind.Object =>
            "later issue: cases with " + Keys(cases.Items[0]),
        { Content.Kind: JsonKind.Object } => "later issue: a file with " + Keys(golden.Content),
        _ => "later issue: an entry that is no object",
    };

    private static string Keys(JsonValue value) => string.Join(", ", value.Members.Take(4).Select(member => member.Name));
}
