using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>What can be wrong with a tower of CLIP, of text or of pictures.</summary>
/// <param name="at">What stands before the names of members: <c>text_config.</c> or nothing.</param>
internal sealed class ClipFindings(string at)
{
    public IEnumerable<Finding> Tower(int hiddenSize, int heads, string activation, double epsilon, double dropout)
    {
        if (heads >= 1 && hiddenSize >= 1 && hiddenSize % heads != 0)
            yield return Rules.ConfigNeeds.Found(at + "num_attention_heads", heads, at + "hidden_size", hiddenSize, $"heads share the width evenly, so choose a divisor of {hiddenSize}");
        if (!ClipActivations.All.Contains(activation))
            yield return Rules.UnknownChoice.Found(at + "hidden_act", activation, string.Join(", ", ClipActivations.All));
        if (epsilon is not (> 0 and < 1))
            yield return Rules.ConfigOutOfRange.Found(at + "layer_norm_eps", epsilon, "a small positive number such as 1e-05");
        if (dropout is not (>= 0 and < 1))
            yield return Rules.ConfigOutOfRange.Found(at + "attention_dropout", dropout, "a probability from 0 to below 1");
    }

    public IEnumerable<Finding> AtLeastOne(string name, int value) => value >= 1 ? [] : [Rules.ConfigOutOfRange.Found(at + name, value, "1 or more")];
}
