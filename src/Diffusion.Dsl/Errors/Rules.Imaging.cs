namespace Diffusion.Dsl;

/// <content>Group 04, shapes of images and data: DIF0450 to DIF0479. Group 05, image and training files: DIF0560 to DIF0579.</content>
public static partial class Rules
{
    /// <summary>DIF0450: an image's size, channel count and bytes do not belong together.</summary>
    public static readonly Rule ImageSize = new("DIF0450", "Image of an impossible size",
        "an image of {0} x {1} pixels with {2} channels and {3} bytes cannot exist; width and height must be at least 1, channels 1 (gray) or 3 (RGB), and bytes width x height x channels");

    /// <summary>DIF0451: a tensor does not have the shape of an image or of a batch of images.</summary>
    public static readonly Rule ImageTensorShape = new("DIF0451", "Tensor is not an image",
        "the tensor has shape {0}; an image is {1} of a floating-point type with C = 1 (gray) or 3 (RGB); select or permute the axes first");

    /// <summary>DIF0452: a tensor that should become an image holds NaN.</summary>
    public static readonly Rule ImageNotANumber = new("DIF0452", "Image holds values that are not numbers",
        "{0} of {1} values of the tensor are NaN, which no pixel can show; look for the step that made them (half-precision overflow is the usual one) and compute it in float32");

    /// <summary>DIF0453: images that should stand side by side, or in one batch, differ in size or channels.</summary>
    public static readonly Rule ImageSizesDiffer = new("DIF0453", "Images of different sizes",
        "image {0} is {1}, but image 0 is {2}; a grid, a strip or a batch needs images of one size and one channel count; resize or convert them first");

    /// <summary>DIF0454: a grid, a strip or a batch of no images.</summary>
    public static readonly Rule NoImages = new("DIF0454", "No images",
        "the list of images is empty; a grid, a strip or a batch needs at least one image");

    /// <summary>DIF0455: a number that lays images out is out of range.</summary>
    public static readonly Rule ImageLayout = new("DIF0455", "Layout number out of range",
        "{0} is {1}; choose {2}");

    /// <summary>DIF0456: a data set was asked for samples that do not exist.</summary>
    public static readonly Rule DataRange = new("DIF0456", "Samples out of range",
        "{0} is {1}; a data set has samples 0, 1, 2, … and a batch at least one of them; choose {2}");

    /// <summary>DIF0457: the digit classifier was given something else than digits.</summary>
    public static readonly Rule DigitShape = new("DIF0457", "Tensor is not a batch of digits",
        "the tensor has shape {0}; the digit classifier reads [N, 1, 28, 28]; give gray pictures of 28 x 28 pixels");

    /// <summary>DIF0458: the variety of procedural digits is out of range.</summary>
    public static readonly Rule VarietyOutOfRange = new("DIF0458", "Variety out of range",
        "the variety of procedural digits is {0}; it goes from 0 (every digit looks like its model) to 1 (as various as handwriting); choose a number between");

    /// <summary>DIF0560: the extension of an image file names no known format.</summary>
    public static readonly Rule ImageExtension = new("DIF0560", "Unknown image format",
        "the file '{0}' has the extension '{1}'; images are written as .png, .jpg, .jpeg or .webp; choose one of these");

    /// <summary>DIF0561: an image file does not exist or cannot be opened.</summary>
    public static readonly Rule ImageFileMissing = new("DIF0561", "Image file cannot be opened",
        "the image file '{0}' cannot be opened: {1}; check the path and the permissions");

    /// <summary>DIF0562: a file is not an image, or is cut off.</summary>
    public static readonly Rule ImageFileUnreadable = new("DIF0562", "Image file cannot be decoded",
        "the file '{0}' cannot be decoded as an image ({1}); give a complete PNG, JPEG, WebP, GIF or BMP file");

    /// <summary>DIF0563: an image cannot be written where it should go.</summary>
    public static readonly Rule ImageFileUnwritable = new("DIF0563", "Image file cannot be written",
        "the image cannot be written to '{0}': {1}; choose a folder that exists or can be created and is writable");

    /// <summary>DIF0564: a file does not hold the state of a training run.</summary>
    public static readonly Rule NoTrainingCheckpoint = new("DIF0564", "Not a training checkpoint",
        "the file '{0}' does not say after how many steps it was written; a run resumes from a file that TrainingCheckpoint.Save wrote, not from a model's weights; give that file or start anew");
}
