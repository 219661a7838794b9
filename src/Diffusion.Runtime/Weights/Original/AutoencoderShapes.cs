using System.Linq;
using System.Numerics;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Weights.Original;

/// <summary>Reads an autoencoder's configuration from the shapes of its tensors. What shapes cannot say has the value of the published models.</summary>
internal static class AutoencoderShapes
{
    private const int MostGroups = 32;

    /// <summary>The configuration.</summary>
    /// <param name="shapes">The tensors.</param>
    /// <param name="usual">What the published model of this kind has: the size of its pictures and its scaling factor.</param>
    /// <exception cref="DiffusionException">DIF0527, DIF0528: a tensor is missing or has an impossible shape.</exception>
    public static AutoencoderKLConfig Read(PartShapes shapes, AutoencoderKLConfig usual)
    {
        var levels = Enumerable.Range(0, shapes.Count("encoder.down")).ToArray();
        var channels = levels.Select(level => shapes.Length($"encoder.down.{level}.block.0.conv1.weight", 0)).ToEquatableArray();

        return usual with
        {
            InChannels = shapes.Length("encoder.conv_in.weight", 1),
            OutChannels = shapes.Length("decoder.conv_out.weight", 0),
            DownBlockTypes = levels.Select(level => shapes.HasModule($"encoder.down.{level}.attn") ? "AttnDownEncoderBlock2D" : "DownEncoderBlock2D").ToEquatableArray(),
            UpBlockTypes = levels.Reverse().Select(level => shapes.HasModule($"decoder.up.{level}.attn") ? "AttnUpDecoderBlock2D" : "UpDecoderBlock2D").ToEquatableArray(),
            BlockOutChannels = channels,
            LayersPerBlock = shapes.Count("encoder.down.0.block"),
            LatentChannels = shapes.Length("decoder.conv_in.weight", 1),
            NormNumGroups = channels.Aggregate(MostGroups, (groups, count) => (int)BigInteger.GreatestCommonDivisor(groups, count)),
            UseQuantConv = shapes.HasModule("quant_conv"),
            UsePostQuantConv = shapes.HasModule("post_quant_conv"),
            MidBlockAddAttention = shapes.HasModule("encoder.mid.attn_1"),
        };
    }
}
