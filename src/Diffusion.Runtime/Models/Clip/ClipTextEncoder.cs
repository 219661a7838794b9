using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Text;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Models;

/// <summary>
/// A tokenizer and a text encoder as one: from prompts to what a U-Net reads, without gradients. Who wants gradients, or to change token embeddings on the
/// way, uses <see cref="Model"/>.
/// </summary>
public sealed partial class ClipTextEncoder : IDisposable
{
    /// <summary>An encoder of both.</summary>
    /// <param name="tokenizer">Makes the tokens.</param>
    /// <param name="model">Reads them; taken over.</param>
    /// <exception cref="DiffusionException">DIF0407: the tokenizer has more tokens than the model, or gives more at once than it reads.</exception>
    public ClipTextEncoder(ClipTokenizer tokenizer, ClipTextNetwork model)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(model);
        var config = model.Config;
        if (tokenizer.VocabularySize > config.VocabSize)
            throw Rules.ConfigNeeds.Error("vocab_size of the text encoder", config.VocabSize, "the number of the tokenizer's tokens", tokenizer.VocabularySize, "so give the tokenizer of the same checkpoint");
        if (tokenizer.MaxLength > config.MaxPositionEmbeddings)
            throw Rules.ConfigNeeds.Error("max_position_embeddings of the text encoder", config.MaxPositionEmbeddings, "the tokenizer's length (model_max_length)", tokenizer.MaxLength, "so give the tokenizer of the same checkpoint");

        (Tokenizer, Model) = (tokenizer, model);
    }

    /// <summary>The tokenizer.</summary>
    public ClipTokenizer Tokenizer { get; }

    /// <summary>The text encoder.</summary>
    public ClipTextNetwork Model { get; }

    /// <summary>Loads both from a pipeline's folder.</summary>
    /// <param name="source">The folder, or the name of a checkpoint in the hub's cache.</param>
    /// <param name="encoder">Where the text encoder is: <c>text_encoder</c>, or <c>text_encoder_2</c>.</param>
    /// <param name="tokenizer">Where the tokenizer is: <c>tokenizer</c>, or <c>tokenizer_2</c>.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <param name="variant">Which variant of the weights to read, such as <c>fp16</c>; null reads the plain one, or else the only one there is.</param>
    /// <param name="memory">Where the weights lie.</param>
    /// <exception cref="DiffusionException">As <see cref="ClipTextModel.FromPretrained"/> and <see cref="ClipTokenizer.Load"/>; DIF0407: the two do not belong together.</exception>
    public static ClipTextEncoder Load(
        string source,
        string encoder = "text_encoder",
        string tokenizer = "tokenizer",
        ScalarType? dtype = null,
        Device? device = null,
        string? variant = null,
        WeightMemory memory = WeightMemory.Copied)
    {
        var words = ClipTokenizer.Load(PretrainedFolder.Part(source, tokenizer));

        return Of(words, ClipTextNetwork.FromPretrained(PretrainedFolder.Part(source, encoder), encoder, dtype, device, variant, memory: memory));
    }

    /// <summary>Loads a text encoder of one file in the original layout of Stable Diffusion, and its tokenizer, which no such file holds, from a folder.</summary>
    /// <param name="path">A <c>.safetensors</c> or <c>.ckpt</c> file.</param>
    /// <param name="tokenizer">The tokenizer's folder, or a checkpoint above it: by its path from the file's folder, else as <see cref="ClipTokenizer.Load"/> takes it.</param>
    /// <param name="index">Which of the file's text encoders, counted from 0.</param>
    /// <param name="dtype">The parameters' type; float32 where null.</param>
    /// <param name="device">The parameters' device; the CPU where null.</param>
    /// <exception cref="DiffusionException">DIF0565: there is no tokenizer; else as <see cref="ClipTextNetwork.FromSingleFile"/> and <see cref="ClipTokenizer.Load"/>; DIF0407: the two do not belong together.</exception>
    public static ClipTextEncoder FromSingleFile(string path, string tokenizer = "tokenizer", int index = 0, ScalarType? dtype = null, Device? device = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(tokenizer);
        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, tokenizer);
        var folder = ModelFolders.Find(beside) ?? ModelFolders.Find(tokenizer)
            ?? throw Rules.TokenizerNotInFile.Error(path, beside + (Path.IsPathRooted(tokenizer) ? "" : " or " + Path.GetFullPath(tokenizer)));
        var words = ClipTokenizer.Load(folder);

        return Of(words, ClipTextNetwork.FromSingleFile(path, index, dtype, device));
    }

    /// <summary>A prompt as a U-Net reads it; what is too long is cut off (<see cref="Tokens.Warning"/> says it, for who encodes in two steps).</summary>
    /// <param name="prompt">Any text, without weights.</param>
    /// <param name="layer">From which block it is taken; null: <see cref="ClipLayer.Last"/>.</param>
    /// <returns><c>[1, L, D]</c>; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0405: more blocks are skipped than there are.</exception>
    public TextEmbeddings Encode(string prompt, ClipLayer? layer = null) => Encode(Tokenizer.Encode(prompt), layer);

    /// <summary>Tokens as a U-Net reads them.</summary>
    /// <param name="tokens">Tokens of <see cref="Tokenizer"/>.</param>
    /// <param name="layer">From which block they are taken; null: <see cref="ClipLayer.Last"/>.</param>
    /// <returns><c>[1, L, D]</c>; the caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0405: more blocks are skipped than there are. DIF0410, DIF0412, DIF0740: tokens of another tokenizer.</exception>
    public TextEmbeddings Encode(Tokens tokens, ClipLayer? layer = null) => Encode(tokens, [], layer);

    /// <summary>
    /// A prompt of any length: chunks are encoded one by one and stand behind each other. Weights are applied as the stable-diffusion-webui does: in each chunk every vector
    /// is multiplied by its token's weight, then all by what restores their mean.
    /// </summary>
    /// <param name="chunks">Chunks of <see cref="Tokenizer"/>.</param>
    /// <param name="layer">From which block they are taken; null: <see cref="ClipLayer.Last"/>.</param>
    /// <returns><c>[1, chunks · L, D]</c>; the pooled vector is the first chunk's, without weights. The caller's to dispose.</returns>
    /// <exception cref="DiffusionException">DIF0405: more blocks are skipped than there are. DIF0410, DIF0412, DIF0740: chunks of another tokenizer.</exception>
    public TextEmbeddings Encode(TokenChunks chunks, ClipLayer? layer = null) => Encode(chunks, [], layer);

    /// <summary>Frees the model.</summary>
    public void Dispose() => Model.Dispose();

    private static ClipTextEncoder Of(ClipTokenizer words, ClipTextNetwork model)
    {
        try
        {
            return new(words, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }
}
