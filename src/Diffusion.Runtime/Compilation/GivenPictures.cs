using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Compilation;

/// <summary>What a caller gave to make the pictures of a receipt again, by what the receipt calls it.</summary>
internal sealed class GivenPictures
{
    private readonly Dictionary<PixelHash, Image> _images;
    private readonly Dictionary<PixelHash, DepthMap> _depths;

    private GivenPictures(Dictionary<PixelHash, Image> images, Dictionary<PixelHash, DepthMap> depths) => (_images, _depths) = (images, depths);

    /// <summary>Pictures, masks and depth maps.</summary>
    /// <param name="images">In any order.</param>
    /// <param name="depths">Maps that were no images.</param>
    public static GivenPictures Of(IEnumerable<Image> images, params DepthMap[] depths) => new(
        images.DistinctBy(image => image.Hash()).ToDictionary(image => image.Hash()),
        depths.DistinctBy(depth => depth.Hash).ToDictionary(depth => depth.Hash));

    /// <summary>A picture that <see cref="Check"/> found.</summary>
    public Image Picture(PixelHash hash) => _images[hash];

    /// <summary>A depth map that <see cref="Check"/> found.</summary>
    public DepthMap Depth(PixelHash hash) => _depths.TryGetValue(hash, out var depth) ? depth : DepthMap.Of(_images[hash]);

    /// <summary>That what a receipt names was given.</summary>
    /// <param name="picture">The picture that was made of it.</param>
    /// <param name="named">What is looked for; null: nothing.</param>
    /// <param name="what">What it is.</param>
    /// <exception cref="DiffusionException">DIF0465: it is missing. DIF0466: something else was given.</exception>
    public void Check(ReceiptPicture picture, PixelHash? named, string what)
    {
        if (named is null || _images.ContainsKey(named) || (picture.Depth == named && _depths.ContainsKey(named)))
        {
            return;
        }

        var given = _images.Keys.Concat(_depths.Keys).ToArray();
        throw given.Length == 0
            ? Rules.ReceiptNeedsPicture.Error(picture.Seed, what + " of " + named)
            : Rules.ReceiptOtherPicture.Error(picture.Seed, what + " of " + named, string.Join<PixelHash>(", ", given));
    }
}
