using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// How pictures were made, completely: it stands in every PNG file that a generated picture is saved to, and pictures made by it again have the same bytes.
/// An immutable value; no weights, no pictures, no dates.
/// </summary>
/// <example>
/// <code>
/// var receipt = Receipt.Read("circle.png");
/// using var run = receipt.Pipeline.Compile().Load();
/// run.Reproduce(receipt).Save("again.png");
/// </code>
/// </example>
/// <param name="Pipeline">The definition, as the program said it.</param>
/// <param name="Spec">The definition with what the checkpoint's files said: every option has a value.</param>
/// <param name="Pictures">The pictures in the file, at least one: several where it is a grid.</param>
/// <param name="Width">Of one picture, in pixels.</param>
/// <param name="Height">Of one picture, in pixels.</param>
/// <param name="Machine">What ran it.</param>
public sealed partial record Receipt(Pipeline Pipeline, PipelineSpec Spec, EquatableArray<ReceiptPicture> Pictures, int Width, int Height, ReceiptMachine Machine)
{
    /// <summary>The files of weights, those of the denoising network first; empty for a network that the program brought itself.</summary>
    public EquatableArray<WeightsHash> Weights { get; init; }

    /// <summary>The seed of the first picture.</summary>
    public long Seed => Pictures[0].Seed;

    /// <summary>The seeds of all pictures.</summary>
    public EquatableArray<long> Seeds => Pictures.Select(picture => picture.Seed).ToEquatableArray();

    /// <summary>What the first picture was to show; null: the pipeline takes no text.</summary>
    public string? Prompt => Pictures[0].Prompt;

    /// <summary>The class that the first picture was to show; null: the network knows no classes.</summary>
    public int? Label => Pictures[0].Label;

    /// <summary>The text that the stable-diffusion-webui, Civitai and their readers know, of the first picture: prompt, negative prompt and a line of numbers.</summary>
    public string Parameters => WebUiParameters.Of(this);

    /// <summary>The same receipt of other pictures.</summary>
    /// <param name="pictures">At least one.</param>
    public Receipt WithPictures(params ReceiptPicture[] pictures) => this with { Pictures = pictures.ToEquatableArray() };

    /// <summary>The receipt on one line of strict JSON in ASCII: keys in fixed order, numbers that read back exactly.</summary>
    public override string ToString() => ToJson().ToString();
}
