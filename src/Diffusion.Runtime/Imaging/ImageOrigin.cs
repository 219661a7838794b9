using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime;

/// <summary>How an image was made, as far as it is known without hashing files: the receipt is written when it is asked for.</summary>
/// <param name="Write">Writes the receipt; the same object for all pictures of one loaded pipeline.</param>
/// <param name="Pictures">The pictures that the image shows.</param>
/// <param name="Width">Of one picture, in pixels.</param>
/// <param name="Height">Of one picture, in pixels.</param>
internal sealed record ImageOrigin(Func<ImageOrigin, Receipt> Write, EquatableArray<ReceiptPicture> Pictures, int Width, int Height)
{
    /// <summary>The receipt.</summary>
    public Receipt Receipt => Write(this);

    /// <summary>The origin of an image that shows several; null where one receipt cannot tell it.</summary>
    public static ImageOrigin? Together(IEnumerable<ImageOrigin?> origins)
    {
        var all = origins.ToArray();
        return all[0] is { } first && all.All(origin => origin?.Write == first.Write && (origin.Width, origin.Height) == (first.Width, first.Height))
            ? first with { Pictures = all.SelectMany(origin => origin!.Pictures).ToEquatableArray() }
            : null;
    }
}
