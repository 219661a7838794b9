using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

public sealed partial record ClipTextConfig
{
    /// <summary>Everything that is wrong with this configuration; empty where a model can be built from it.</summary>
    public EquatableArray<Finding> Validate() => Findings("").ToEquatableArray();

    /// <summary>The same, with something before the names of members.</summary>
    internal IEnumerable<Finding> Findings(string at)
    {
        var findings = new ClipFindings(at);

        return findings.AtLeastOne("vocab_size", VocabSize)
            .Concat(findings.AtLeastOne("hidden_size", HiddenSize))
            .Concat(findings.AtLeastOne("intermediate_size", IntermediateSize))
            .Concat(findings.AtLeastOne("projection_dim", ProjectionDim))
            .Concat(findings.AtLeastOne("num_hidden_layers", NumHiddenLayers))
            .Concat(findings.AtLeastOne("num_attention_heads", NumAttentionHeads))
            .Concat(findings.AtLeastOne("max_position_embeddings", MaxPositionEmbeddings))
            .Concat(findings.Tower(HiddenSize, NumAttentionHeads, HiddenAct, LayerNormEps, AttentionDropout))
            .Concat(End(at));
    }

    private IEnumerable<Finding> End(string at)
    {
        if (!EndIsGreatestId && VocabSize >= 1 && (EosTokenId < 0 || EosTokenId >= VocabSize))
            yield return Rules.ConfigOutOfRange.Found(at + "eos_token_id", EosTokenId, $"a token of the vocabulary, 0 to {VocabSize - 1}, or 2 for the token with the greatest number of a text");
    }
}
