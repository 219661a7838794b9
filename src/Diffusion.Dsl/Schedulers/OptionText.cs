namespace Diffusion.Dsl;

/// <summary>An option of a sampler for a reader.</summary>
/// <param name="Name">The word in code, such as <c>spacing</c>.</param>
/// <param name="Keys">The keys in config files, with commas between them; empty for what only definitions say.</param>
/// <param name="Default">The value where neither the definition nor the checkpoint says one; empty: none.</param>
internal sealed record OptionText(string Name, string Keys, string Default);
