namespace Diffusion.Dsl;

/// <summary>A picture by its pixels, which a receipt names but does not hold.</summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 (gray) or 3 (red, green, blue).</param>
/// <param name="Sha256">The SHA-256 of its values 0 to 255, shape <c>[H, W, C]</c>, in 64 hexadecimal digits.</param>
public sealed record PixelHash(int Width, int Height, int Channels, string Sha256)
{
    /// <summary>As a message says it.</summary>
    public override string ToString() => Text.Of(Width) + " x " + Text.Of(Height) + (Channels == 1 ? " gray" : " RGB") + " pixels with the SHA-256 " + Sha256;
}
