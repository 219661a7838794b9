using System.Linq;
using Diffusion.Dsl;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Runtime.Sampling;

/// <summary>What the samples of one run are to show, the same for all steps. Networks are shared by runs, so they hold none of it.</summary>
/// <param name="Labels">The class of each sample, N in all; empty where the network takes none.</param>
/// <param name="NullLabel">The label that means «no label»; null: the labels stay in the unconditional half.</param>
public sealed record Conditions(EquatableArray<int> Labels = default, int? NullLabel = null)
{
    /// <summary>The texts of the samples; null where the network takes none. Whoever made them disposes them behind the run.</summary>
    public TextConditions? Text { get; init; }

    /// <summary>Channels that stand behind the sample's own at every step; null for none.</summary>
    public ConstantChannels? Channels { get; init; }

    /// <summary>
    /// Which self-attentions are switched off, as beginnings of their names; empty for those of the middle block, or of the deepest block that has some. Null: none. A network that the program
    /// brings itself may read it.
    /// </summary>
    public EquatableArray<string>? Perturbed { get; init; }

    /// <summary>No conditions.</summary>
    public static Conditions None { get; } = new();

    /// <summary>The conditions with other labels.</summary>
    /// <param name="labels">The class of each sample; empty where the network takes none.</param>
    public Conditions WithLabels(EquatableArray<int> labels) => this with { Labels = labels };

    /// <summary>The conditions with another label for «no label».</summary>
    /// <param name="label">The label; null: the labels stay in the unconditional half.</param>
    public Conditions WithNullLabel(int? label) => this with { NullLabel = label };

    /// <summary>The conditions with texts.</summary>
    /// <param name="text">The texts of the samples; null where the network takes none.</param>
    public Conditions WithText(TextConditions? text) => this with { Text = text };

    /// <summary>The conditions with channels behind the sample's own.</summary>
    /// <param name="channels"><c>[N, C, H, W]</c>; null for none.</param>
    public Conditions WithChannels(ConstantChannels? channels) => this with { Channels = channels };

    /// <summary>The conditions with some self-attentions switched off.</summary>
    /// <param name="layers">Beginnings of their names; empty for the middle block's; null: none.</param>
    public Conditions WithPerturbed(EquatableArray<string>? layers) => this with { Perturbed = layers };

    /// <summary>The labels of a network's rows: [N], or [2N] for <see cref="Conditioning.Both"/>, the unconditional ones first; null without labels.</summary>
    /// <param name="conditioning">Which conditions.</param>
    /// <param name="device">Where the network runs.</param>
    /// <returns>A new tensor, int64.</returns>
    public Tensor? LabelRows(Conditioning conditioning, torch.Device device)
    {
        if (Labels.IsEmpty)
        {
            return null;
        }

        var with = Labels.Select(label => (long)label);
        var without = Labels.Select(label => (long)(NullLabel ?? label));
        return torch.tensor(
            conditioning switch
            {
                Conditioning.Both => [.. without, .. with],
                Conditioning.Unconditional => [.. without],
                _ => with.ToArray(),
            },
            device: device);
    }
}
