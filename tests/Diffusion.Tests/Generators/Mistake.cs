namespace Diffusion.Tests.Generators;

/// <summary>A definition with one mistake, what the analyzer says of it, and the definition without the mistake.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Bad">The definition with the mistake, which is put before <c>.Compile();</c>.</param>
/// <param name="Marked">The part of it that is marked.</param>
/// <param name="Message">The whole sentence.</param>
/// <param name="Good">The definition without the mistake.</param>
public sealed record Mistake(string Id, string Bad, string Marked, string Message, string Good)
{
    public override string ToString() => Id + " " + Bad;
}
