namespace Diffusion.Runtime.Text;

/// <summary>A special token in a text, or what lies between two.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Id">Its number; null for text between special tokens.</param>
internal sealed record SpecialToken(string Text, int? Id);
