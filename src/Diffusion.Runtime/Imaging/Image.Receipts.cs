using System;
using System.Security.Cryptography;
using Diffusion.Dsl;

namespace Diffusion.Runtime;

/// <content>Receipts: how an image was made.</content>
public sealed partial class Image
{
    /// <summary>
    /// How the image was made; null: it was not generated, or its pixels were changed since. Grids and enlarged images keep it, for they show every pixel. The first
    /// call hashes the files of weights.
    /// </summary>
    public Receipt? Receipt => origin?.Receipt;

    /// <summary>The same image without a receipt: its files say nothing of how it was made.</summary>
    public Image WithoutReceipt() => WithOrigin(null);

    /// <summary>The same image with a receipt, as for a picture that was edited or read from a file.</summary>
    /// <param name="receipt">How it was made.</param>
    public Image WithReceipt(Receipt receipt)
    {
        ArgumentNullException.ThrowIfNull(receipt);
        return WithOrigin(new ImageOrigin(_ => receipt, receipt.Pictures, receipt.Width, receipt.Height));
    }

    /// <summary>The same image with another origin.</summary>
    internal Image WithOrigin(ImageOrigin? other) => new(pixels, Width, Height, Channels, other);

    /// <summary>The image as receipts name it.</summary>
    internal PixelHash Hash() => new(Width, Height, Channels, Convert.ToHexStringLower(SHA256.HashData(pixels)));
}
