namespace Diffusion.Dsl;

public static partial class Rules
{
    /// <summary>DIF0580: a text that should be JSON is not.</summary>
    public static readonly Rule NotJson = new(
        "DIF0580",
        "Not JSON",
        "{0} is not JSON: {1} at line {2}, column {3}; JSON is what Python's json module writes, so repair that place or write the file again");

    /// <summary>DIF0581: a JSON value has another kind than the one asked for.</summary>
    public static readonly Rule JsonKindMismatch = new(
        "DIF0581",
        "Another kind of JSON value",
        "the JSON value {0} is {1}, and {2} is needed here; write {2} in its place");

    /// <summary>DIF0582: a JSON object lacks a member.</summary>
    public static readonly Rule JsonMemberMissing = new(
        "DIF0582",
        "JSON member is missing",
        "the JSON object has no member \"{0}\"; it has {1}; add it, or ask for one that is there");
}
