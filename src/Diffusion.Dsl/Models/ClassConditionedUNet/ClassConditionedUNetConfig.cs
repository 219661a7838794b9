using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// The configuration of a ClassConditionedUNet, the conditional network of the Hugging Face diffusion course (unit 2): every class has a learned
/// vector, whose numbers stand behind the picture as constant channels.
/// </summary>
/// <param name="Unet">The U-Net as it would be without classes: its <c>in_channels</c> are those of the picture, C.</param>
/// <param name="Classes">The number of classes; labels go from 0 to one less.</param>
/// <param name="EmbeddingSize">Length of a class's vector, which is the number of channels behind the picture.</param>
/// <param name="NullClass">Whether there is one more row, at index <paramref name="Classes"/>, that means «no label»: what classifier-free guidance compares with.</param>
public sealed record ClassConditionedUNetConfig(UNet2DConfig Unet, int Classes, int EmbeddingSize = 4, bool NullClass = false)
{
    internal const string ClassName = "ClassConditionedUNet";

    /// <summary>The network of the course: 28 by 28, one channel, ten digits, vectors of 4; 1,708,201 parameters.</summary>
    public static ClassConditionedUNetConfig Course { get; } = new(UNet2DConfig.Course, Classes: 10);

    /// <summary>The U-Net that is built: C + embedding size channels come in.</summary>
    public UNet2DConfig Inner => Unet.WithInChannels(Unet.InChannels + EmbeddingSize);

    /// <summary>The index that means «no label», or null where the network has none.</summary>
    public int? NullLabel => NullClass ? Classes : null;

    /// <summary>Rows of the table: the classes, and «no label» where there is one.</summary>
    public int Rows => Classes + (NullClass ? 1 : 0);

    /// <summary>Reads a config.json that <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The object of the file.</param>
    /// <exception cref="DiffusionException">DIF0408: it is another model's. DIF0406: members have other kinds than they should. DIF0582: the member <c>model</c> is missing.</exception>
    public static ClassConditionedUNetConfig FromJson(JsonValue json)
    {
        var read = new ConfigReader(json, ClassName);
        read.ExpectClass();
        var (classes, size, hasNull) = (read.Int("num_classes", 10), read.Int("class_emb_size", 4), read.Boolean("null_class", false));
        read.ThrowIfWrong();
        var inner = UNet2DConfig.FromJson(json["model"]);

        return new(inner.WithInChannels(inner.InChannels - size), classes, size, hasNull);
    }

    /// <summary>
    /// The object of a config.json: <c>num_classes</c>, <c>class_emb_size</c> and <c>null_class</c>, and as <c>model</c> the config.json of the
    /// U-Net that is built. diffusers has no such class; its UNet2DModel reads the member <c>model</c>.
    /// </summary>
    public JsonValue ToJson() => JsonValue.Object(
    [
        new("_class_name", JsonValue.Of(ClassName)),
        new("num_classes", JsonValue.Of(Classes)),
        new("class_emb_size", JsonValue.Of(EmbeddingSize)),
        new("null_class", JsonValue.Of(NullClass)),
        new("model", Inner.ToJson()),
    ]);

    /// <summary>Everything that is wrong with this configuration; empty where a model can be built from it.</summary>
    public EquatableArray<Finding> Validate() => Ranges().Concat(Inner.Validate()).ToEquatableArray();

    /// <summary>This configuration around another U-Net.</summary>
    /// <param name="unet">The U-Net without classes.</param>
    public ClassConditionedUNetConfig WithUnet(UNet2DConfig unet) => this with { Unet = unet };

    /// <summary>This configuration for another number of classes.</summary>
    /// <param name="classes">The number of classes, at least 1.</param>
    public ClassConditionedUNetConfig WithClasses(int classes) => this with { Classes = classes };

    /// <summary>This configuration with vectors of another length.</summary>
    /// <param name="size">Length of a class's vector, at least 1.</param>
    public ClassConditionedUNetConfig WithEmbeddingSize(int size) => this with { EmbeddingSize = size };

    /// <summary>This configuration with a row for «no label», or without.</summary>
    /// <param name="nullClass">Whether there is one.</param>
    public ClassConditionedUNetConfig WithNullClass(bool nullClass = true) => this with { NullClass = nullClass };

    private IEnumerable<Finding> Ranges()
    {
        if (Classes < 1)
            yield return Rules.ConfigOutOfRange.Found("num_classes", Classes, "1 or more");
        if (EmbeddingSize < 1)
            yield return Rules.ConfigOutOfRange.Found("class_emb_size", EmbeddingSize, "1 or more");
        if (Unet.InChannels < 1)
            yield return Rules.ConfigOutOfRange.Found("in_channels without the class channels", Unet.InChannels, "1 or more");
        if (Unet.NumClassEmbeds is not null || Unet.ClassEmbedType is not null)
            yield return Rules.ConfigNeeds.Found("num_classes", Classes, Unet.ClassEmbedType is null ? "num_class_embeds" : "class_embed_type", Unet.ClassEmbedType ?? Text.Of(Unet.NumClassEmbeds), "a network is told its class once, so set the latter to null");
    }
}
