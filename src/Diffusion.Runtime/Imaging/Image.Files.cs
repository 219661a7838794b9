using System;
using System.IO;
using System.Runtime.InteropServices;
using Diffusion.Dsl;
using Diffusion.Runtime.Files;
using SkiaSharp;

namespace Diffusion.Runtime;

/// <content>Image files, through SkiaSharp.</content>
public sealed partial class Image
{
    // Near the usual default of image editors for "high"; PNG and WebP are written without loss.
    private const int JpegQuality = 95;

    /// <summary>
    /// Writes the image in the format that the extension names: <c>.png</c> and <c>.webp</c> without loss, <c>.jpg</c> and <c>.jpeg</c> at quality 95.
    /// The file appears whole or not at all; an older file of that name is replaced; a missing folder is created. A PNG file carries the image's <see cref="Receipt"/>.
    /// </summary>
    /// <param name="path">Where to write.</param>
    /// <exception cref="DiffusionException">DIF0560: unknown extension. DIF0563: the file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var extension = Path.GetExtension(path).ToLowerInvariant();
        using var data = (extension switch
        {
            ".png" => Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, zLibLevel: 6)),
            ".jpg" or ".jpeg" => Encode(new SKJpegEncoderOptions(JpegQuality)),
            ".webp" => Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, quality: 75)),
            _ => throw Rules.ImageExtension.Error(path, extension),
        }) ?? throw Rules.ImageFileUnwritable.Error(path, Invariant($"the format does not take an image of {this}"));

        try
        {
            var receipt = extension == ".png" ? Receipt : null;
            AtomicFile.Write(Path.GetFullPath(path), stream =>
            {
                if (receipt is null)
                    data.SaveTo(stream);
                else
                    stream.Write(receipt.AddTo(data.ToArray()));
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiffusionException(Rules.ImageFileUnwritable.Found(path, e.Message.TrimEnd('.')), e);
        }
    }

    /// <summary>
    /// Reads an image file: gray stays gray, everything else becomes RGB. Transparency is dropped, not blended, as Pillow's <c>convert("RGB")</c> does. Only pixels are
    /// read: <see cref="Dsl.Receipt.Read"/> reads a receipt.
    /// </summary>
    /// <param name="path">A PNG, JPEG, WebP, GIF or BMP file; the content decides, not the extension.</param>
    /// <exception cref="DiffusionException">DIF0561: the file cannot be opened. DIF0562: it is not a complete image.</exception>
    public static Image Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] file;
        try
        {
            file = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiffusionException(Rules.ImageFileMissing.Found(path, e.Message.TrimEnd('.')), e);
        }

        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data) ?? throw Rules.ImageFileUnreadable.Error(path, "no known image format");
        var gray = codec.Info.ColorType == SKColorType.Gray8;
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, gray ? SKColorType.Gray8 : SKColorType.Rgba8888, gray ? SKAlphaType.Opaque : SKAlphaType.Unpremul);
        var bytes = new byte[info.BytesSize64];
        var result = Pinned(bytes, address => codec.GetPixels(info, address));
        if (result != SKCodecResult.Success)
            throw Rules.ImageFileUnreadable.Error(path, result == SKCodecResult.IncompleteInput ? "the file is cut off" : result.ToString());

        return gray
            ? new Image(bytes, info.Width, info.Height, 1)
            : new Image(WithoutFourth(bytes), info.Width, info.Height, 3);
    }

    private static T Pinned<T>(byte[] bytes, Func<IntPtr, T> use)
    {
        var pin = GCHandle.Alloc(bytes, GCHandleType.Pinned);
        try
        {
            return use(pin.AddrOfPinnedObject());
        }
        finally
        {
            pin.Free();
        }
    }

    private static byte[] WithoutFourth(byte[] four)
    {
        var three = new byte[four.Length / 4 * 3];
        for (int i = 0, j = 0; j < three.Length; i += 4, j += 3)
            four.AsSpan(i, 3).CopyTo(three.AsSpan(j));

        return three;
    }

    private static byte[] WithFourth(byte[] three)
    {
        var four = new byte[three.Length / 3 * 4];
        for (int i = 0, j = 0; j < three.Length; i += 4, j += 3)
        {
            three.AsSpan(j, 3).CopyTo(four.AsSpan(i));
            four[i + 3] = byte.MaxValue;
        }

        return four;
    }

    private SKData? Encode<TOptions>(TOptions options)
        where TOptions : struct
    {
        // The alpha type «opaque» makes the encoders write three channels, not four.
        var info = new SKImageInfo(Width, Height, Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888, SKAlphaType.Opaque);
        return Pinned(Channels == 1 ? pixels : WithFourth(pixels), address =>
        {
            using var pixmap = new SKPixmap(info, address);
            return options switch
            {
                SKPngEncoderOptions png => pixmap.Encode(png),
                SKJpegEncoderOptions jpeg => pixmap.Encode(jpeg),
                SKWebpEncoderOptions webp => pixmap.Encode(webp),
                _ => throw new NotSupportedException(typeof(TOptions).Name),
            };
        });
    }
}
