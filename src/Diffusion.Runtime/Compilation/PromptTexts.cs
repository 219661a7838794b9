using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using TorchSharp;

namespace Diffusion.Runtime.Compilation;

/// <summary>The prompts of one call as vectors: every text is encoded once, however many pictures show it.</summary>
internal sealed class PromptTexts : IDisposable
{
    private readonly Dictionary<Text, TextEmbeddings> _texts = [];
    private readonly List<Finding> _warnings = [];

    private PromptTexts()
    {
    }

    /// <summary>What was cut off, told once for each text.</summary>
    public IReadOnlyList<Finding> Warnings => _warnings;

    /// <summary>Encodes all texts of a call.</summary>
    /// <param name="encoder">Tokenizer and text encoder.</param>
    /// <param name="model">How prompts are written, and which blocks are left out.</param>
    /// <param name="prompts">What the pictures are to show, in any number.</param>
    /// <param name="negative">What pictures are not to show that do not say it; null: nothing compares with it. As in diffusers, no blocks are left out for negative prompts.</param>
    /// <param name="cancellation">Checked before every text.</param>
    /// <exception cref="DiffusionException">DIF0240 to DIF0242: a prompt is not of the grammar. DIF0405: more blocks are skipped than there are.</exception>
    public static PromptTexts Encode(ClipTextEncoder encoder, TextModel model, IReadOnlyCollection<Prompt> prompts, string? negative, CancellationToken cancellation)
    {
        var texts = new PromptTexts();
        var distinct = prompts.SelectMany(prompt => prompt.Parts).Select(Shown).Concat(negative is null ? [] : prompts.Select(prompt => Hidden(prompt, negative))).Distinct().ToArray();
        ClipLayer Layer(Text text) => text.IsNegative ? ClipLayer.Last : ClipLayer.Skipped(model.ClipSkip);
        try
        {
            if (model.Grammar == PromptGrammar.Plain)
            {
                foreach (var prompt in distinct)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var tokens = encoder.Tokenizer.Encode(prompt.Part.Text);
                    if (tokens.Warning is { } cut)
                    {
                        texts._warnings.Add(cut);
                    }

                    texts.Keep(prompt, encoder.Encode(tokens, prompt.Part.Replacements, Layer(prompt)));
                }

                return texts;
            }

            // As many chunks for each, so that prompts and negative prompts stand in one batch.
            var chunks = distinct.Select(prompt => (prompt, chunks: encoder.Tokenizer.Chunks(WeightedPrompt.Parse(prompt.Part.Text, model.Grammar)))).ToArray();
            var most = chunks.Max(text => text.chunks.Chunks.Count);
            foreach (var (prompt, parts) in chunks)
            {
                cancellation.ThrowIfCancellationRequested();
                texts.Keep(prompt, encoder.Encode(parts.WithCount(most), prompt.Part.Replacements, Layer(prompt)));
            }

            return texts;
        }
        catch
        {
            texts.Dispose();
            throw;
        }
    }

    /// <summary>The texts of some pictures, for one run.</summary>
    /// <param name="prompts">What each picture is to show.</param>
    /// <param name="negative">What pictures are not to show that do not say it; null: the run has no unconditional half.</param>
    public TextConditions For(IReadOnlyCollection<Prompt> prompts, string? negative)
    {
        using var scope = torch.NewDisposeScope();
        return new TextConditions(torch.cat([.. prompts.Select(Row)], 0), negative is null ? null : torch.cat([.. prompts.Select(prompt => _texts[Hidden(prompt, negative)].Values)], 0));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var text in _texts.Values)
        {
            text.Dispose();
        }
    }

    private void Keep(Text prompt, TextEmbeddings text)
    {
        text.Values.DetachFromDisposeScope();
        text.Pooled?.DetachFromDisposeScope();
        _texts.Add(prompt, text);
    }

    // One text as it is; of a mixture the sum.
    private torch.Tensor Row(Prompt prompt) => prompt.Parts is { Count: 1 } parts && parts[0].Weight.Equals(1d)
        ? _texts[Shown(parts[0])].Values
        : prompt.Parts.Select(part => Arithmetic.Times(_texts[Shown(part)].Values, part.Weight)).Aggregate((sum, next) => Arithmetic.Plus(sum, next));

    private static Text Shown(PromptPart part) => new(part.WithWeight(1), false);

    private static Text Hidden(Prompt prompt, string negative) => new(new PromptPart(prompt.Negative ?? negative), true);

    private sealed record Text(PromptPart Part, bool IsNegative);
}
