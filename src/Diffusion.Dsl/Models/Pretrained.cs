namespace Diffusion.Dsl;

/// <summary>
/// A pretrained checkpoint by name: a folder in diffusers' layout, a single file in the original layout (<c>.safetensors</c>, <c>.ckpt</c>), or a hub id. Names only:
/// nothing is read before <c>Load()</c>, but for the small JSON files, or the single file's header, that <c>Compile()</c> needs.
/// </summary>
/// <param name="Source">The folder, file or id; <c>/</c> on every system. Relative folders are looked up from the working directory, then beside the program.</param>
public sealed record Pretrained(string Source)
{
    /// <summary>A checkpoint by name.</summary>
    /// <param name="source">The folder, file or id.</param>
    public static Pretrained From(string source) => new(source);

    /// <summary>Its UNet, in the subfolder <c>unet</c>.</summary>
    public UnetModel Unet => new(Source);

    /// <summary>Its VAE, in the subfolder <c>vae</c>.</summary>
    public VaeModel Vae => new(Source);

    /// <summary>Its text encoder and tokenizer, in the subfolders <c>text_encoder</c> and <c>tokenizer</c>; a single file has the latter beside it.</summary>
    public TextModel Clip => new(Source);

    /// <inheritdoc/>
    public override string ToString() => Source;
}
