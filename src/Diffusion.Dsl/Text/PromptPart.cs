namespace Diffusion.Dsl;

/// <summary>One text of a prompt, which may be a mixture of several.</summary>
/// <param name="Text">In the grammar of the pipeline's text model.</param>
/// <param name="Weight">What its vectors are multiplied by before they are added; the weights of a mixture make 1.</param>
public sealed record PromptPart(string Text, double Weight = 1)
{
    /// <summary>Tokens whose vectors give place to others'.</summary>
    public EquatableArray<TokenReplacement> Replacements { get; init; }

    /// <summary>The same part with another text.</summary>
    /// <param name="text">In the grammar of the pipeline's text model.</param>
    public PromptPart WithText(string text) => this with { Text = text };

    /// <summary>The same part with another weight.</summary>
    /// <param name="weight">What its vectors are multiplied by.</param>
    public PromptPart WithWeight(double weight) => this with { Weight = weight };

    /// <summary>The same part with these replacements.</summary>
    /// <param name="replacements">In the order in which they are made.</param>
    public PromptPart WithReplacements(EquatableArray<TokenReplacement> replacements) => this with { Replacements = replacements };
}
