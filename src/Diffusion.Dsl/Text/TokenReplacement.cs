namespace Diffusion.Dsl;

/// <summary>One token of a prompt whose vector gives place to that of another one, before the text encoder reads them.</summary>
/// <param name="Token">The word in the prompt, a single token.</param>
/// <param name="Replacement">The word whose vector comes in, a single token.</param>
/// <param name="Share">How much of it, in [0, 1]: 1 replaces the token, 0.5 is the vector half-way.</param>
public sealed record TokenReplacement(string Token, string Replacement, double Share = 1)
{
    /// <summary>The same with another word to replace.</summary>
    /// <param name="token">The word in the prompt, a single token.</param>
    public TokenReplacement WithToken(string token) => this with { Token = token };

    /// <summary>The same with another word that comes in.</summary>
    /// <param name="replacement">A single token.</param>
    public TokenReplacement WithReplacement(string replacement) => this with { Replacement = replacement };

    /// <summary>The same with another share.</summary>
    /// <param name="share">In [0, 1].</param>
    public TokenReplacement WithShare(double share) => this with { Share = share };
}
