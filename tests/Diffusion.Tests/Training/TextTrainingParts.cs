using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Shapes;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Text;

namespace Diffusion.Tests.Training;

/// <summary>The smallest parts of a text-to-image training in a folder of their own: a tokenizer, a text encoder and an autoencoder.</summary>
public sealed class TextTrainingParts : IDisposable
{
    public TextTrainingParts()
    {
        var tokenizer = ClipTokenizer.Train(Enumerable.Range(0, 200).Select(i => Scenes.Shapes.Sample(i).Caption), settings: new ClipTokenizerSettings().WithMaxLength(32));
        tokenizer.Save(PathOf("tokenizer"));
        using var vae = AutoencoderKL.FromConfig(new AutoencoderKLConfig(LayersPerBlock: 1, SampleSize: EquatableArray.Of(64)).WithLevels(4, 8, 8).WithNormNumGroups(4).WithMidBlockAttention(false).WithScaling(0.7), seed: 1);
        vae.SavePretrained(PathOf("vae"));
        using var text = ClipTextModel.FromConfig(
            new ClipTextConfig(tokenizer.VocabularySize, HiddenSize: 16, IntermediateSize: 32, ProjectionDim: 16, NumHiddenLayers: 2, NumAttentionHeads: 2, MaxPositionEmbeddings: 32, PadTokenId: tokenizer.PadId, BosTokenId: tokenizer.StartId, EosTokenId: tokenizer.EndId),
            seed: 2);
        text.SavePretrained(PathOf("text_encoder"));
    }

    /// <summary>What is learnt from.</summary>
    public static ShapeData Scenes { get; } = new(new ProceduralShapes(1), 16);

    public string Folder { get; } = Directory.CreateTempSubdirectory("diffusion-text-training-parts-").FullName;

    public string PathOf(string part) => Path.Combine(Folder, part);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
