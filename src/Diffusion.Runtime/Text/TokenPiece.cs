namespace Diffusion.Runtime.Text;

/// <summary>One token of a text, to be shown.</summary>
/// <param name="Id">Its number in the vocabulary.</param>
/// <param name="Text">Its text; bytes as <c>\xF0</c> where it is a part of a character.</param>
/// <param name="EndsWord">Whether a word ends with it.</param>
public sealed record TokenPiece(int Id, string Text, bool EndsWord)
{
    /// <summary>Its text.</summary>
    public override string ToString() => Text;
}
