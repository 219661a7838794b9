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
        if (ConfigChecks.Choice(at + "hidden_act", activation, [.. ClipActivations.All]) is { } wrongActivation)
            yield return wrongActivation;
        if (ConfigChecks.Epsilon(at + "layer_norm_eps", epsilon) is { } wrongEpsilon)
            yield return wrongEpsilon;
        if (ConfigChecks.Dropout(at + "attention_dropout", dropout) is { } wrongDropout)
            yield return wrongDropout;
    }

    public IEnumerable<Finding> AtLeastOne(string name, int value) => ConfigChecks.AtLeastOne(at + name, value) is { } wrong ? [wrong] : [];
}
