using System;
using System.IO;
using System.Linq;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Runtime.Files;

namespace Diffusion.Runtime.Text;

/// <content>Folders in the layout of transformers.</content>
public sealed partial class ClipTokenizer
{
    /// <summary>
    /// Reads a tokenizer: <c>vocab.json</c> and <c>merges.txt</c>, plain or packed as <c>.gz</c>, and where they are there <c>tokenizer_config.json</c>,
    /// <c>special_tokens_map.json</c> and <c>added_tokens.json</c>. What no file says is CLIP's.
    /// </summary>
    /// <param name="folder">The folder of the files, or the checkpoint above a folder <c>tokenizer</c>: a path, or the id of one in the hub's local cache.</param>
    /// <exception cref="DiffusionException">
    /// DIF0700: a file is missing or cannot be opened. DIF0701, DIF0702: the vocabulary or the merges are not usable. DIF0580, DIF0703: a settings file is not usable.
    /// DIF0704: a special token is not in the vocabulary.
    /// </exception>
    public static ClipTokenizer Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var files = new TokenizerFolder(folder);
        var settings = files.Settings();
        return new(new(files.Vocabulary(), files.VocabularyPath), files.Merges(), files.MergesPath, settings);
    }

    /// <summary>
    /// Writes the files that <see cref="Load"/> and transformers read. Each appears whole or not at all; older ones are replaced; the folder is made if absent.
    /// </summary>
    /// <param name="folder">Where to write; in a pipeline's folder it is called <c>tokenizer</c>.</param>
    /// <exception cref="DiffusionException">DIF0707: the folder cannot be written.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        try
        {
            Write("vocab.json", TokenizerJson.Vocabulary(_vocabulary));
            Write("merges.txt", "#version: 0.2\n" + string.Concat(_merges.Select(merge => merge + "\n")));
            Write("special_tokens_map.json", TokenizerJson.SpecialTokens(Settings));
            Write("tokenizer_config.json", TokenizerJson.Config(Settings));
            if (Settings.Added.IsEmpty)
                File.Delete(Path.Combine(folder, TokenizerFolder.AddedTokens)); // another tokenizer's
            else
                Write(TokenizerFolder.AddedTokens, TokenizerJson.Added(Settings, _vocabulary));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiffusionException(Rules.TokenizerUnwritable.Found(folder, e.Message.TrimEnd('.')), e);
        }

        void Write(string name, string text) => AtomicFile.Write(Path.Combine(folder, name), Encoding.UTF8.GetBytes(text));
    }
}
