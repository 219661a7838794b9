namespace Diffusion.Dsl;

/// <summary>One named value of a JSON object.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Value">Its value.</param>
public sealed record JsonMember(string Name, JsonValue Value);
