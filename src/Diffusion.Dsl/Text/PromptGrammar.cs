namespace Diffusion.Dsl;

/// <summary>How weights are written into a prompt.</summary>
public enum PromptGrammar
{
    /// <summary>No weights: every character is text, and only the word <c>BREAK</c> means something, a new chunk.</summary>
    Plain,

    /// <summary>
    /// That of the stable-diffusion-webui: <c>(word)</c> is 1.1, <c>[word]</c> 1/1.1, <c>(word:1.3)</c> 1.3; brackets nest and multiply, a backslash takes the meaning from the
    /// character behind it, <c>BREAK</c> starts a new chunk.
    /// </summary>
    A1111,

    /// <summary>
    /// That of compel: <c>word+</c> is 1.1, <c>word--</c> 0.9², <c>(several words)1.3</c> 1.3, <c>(several words)++</c> 1.1²; parentheses nest and multiply, a backslash takes
    /// the meaning from the character behind it, <c>("one", "two").and()</c> starts a new chunk for each part.
    /// </summary>
    Compel,
}
