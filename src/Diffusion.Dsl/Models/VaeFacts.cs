namespace Diffusion.Dsl;

/// <summary>What the compiler needs to know of a VAE: a few values of its config.json.</summary>
/// <param name="LatentChannels"><c>latent_channels</c>: C of the latents [N, C, H/factor, W/factor].</param>
/// <param name="Factor">By how much images shrink on each side: 2 to the number of blocks less 1, usually 8.</param>
/// <param name="ScalingFactor"><c>scaling_factor</c>: latents are multiplied by it before diffusion.</param>
public sealed record VaeFacts(int LatentChannels = 4, int Factor = 8, double ScalingFactor = 0.18215)
{
    /// <summary>The facts of a config.json.</summary>
    /// <param name="json">The object.</param>
    public static VaeFacts Read(JsonValue json) => new(
        json.Find("latent_channels")?.AsInt() ?? 4,
        1 << ((json.Find("block_out_channels")?.Items.Count ?? 4) - 1),
        json.Find("scaling_factor")?.AsDouble() ?? 0.18215);
}
