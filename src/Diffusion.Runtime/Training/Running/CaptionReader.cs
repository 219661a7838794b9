using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Text;
using Diffusion.Runtime.Weights;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Runtime.Training;

/// <summary>The text encoder of a denoising training: it stays as it is, or learns from the network's errors.</summary>
internal sealed class CaptionReader : IDisposable
{
    private readonly ClipTextEncoder text;
    private readonly ClipTextNetwork? half;
    private readonly ClipLayer layer;
    private readonly bool learns;

    private CaptionReader(ClipTextEncoder text, ClipTextNetwork? half, ClipLayer layer, bool learns) => (this.text, this.half, this.layer, this.learns) = (text, half, layer, learns);

    /// <summary>The parameters that learn, float32; null: none do.</summary>
    public nn.Module? Learning => learns ? text.Model : null;

    /// <summary>Where passes happen, if it learns.</summary>
    public nn.Module? Passing => learns ? Passes : null;

    private ClipTextNetwork Passes => half ?? text.Model;

    /// <summary>The encoder that a training names, null if it names none: in float32 where it learns, with a copy for passes in another format; else in the format that passes have.</summary>
    public static CaptionReader? Load(Dsl.Training training, Device place)
    {
        if (training.TextEncoder is not { } encoder)
            return null;

        var (type, layer) = (ElementTypes.Of(training.ComputePrecision), ClipLayer.Skipped(encoder.ClipSkip));
        var isMixed = training.TextLearns && type != ScalarType.Float32;
        var text = NetworkLoader.Text(encoder, training.TextLearns ? ScalarType.Float32 : type, place, WeightMemory.Copied);
        return new CaptionReader(text, isMixed ? text.Model.Like(LayerOptions.Unset(type, place)) : null, layer, training.TextLearns);
    }

    /// <summary>The captions as the network reads them, <c>[N, L, D]</c>, with their graph where the encoder learns.</summary>
    public Tensor Read(IEnumerable<string> captions)
    {
        using var recording = set_grad_enabled(learns && is_grad_enabled());
        using var scope = NewDisposeScope();
        using var ids = TokenTensors.Ids(captions.Select(text.Tokenizer.Encode));
        using var tokens = Passes.Embed(ids.to(Passes.Device));
        return Passes.Encode(tokens, layer).Values.MoveToOuterDisposeScope();
    }

    /// <summary>What was learnt, for a sampler, which takes it over, in float32 on the CPU; null where nothing learns: the encoder's files still hold it.</summary>
    public ClipTextEncoder? ForSampling()
    {
        if (!learns)
            return null;

        var copy = text.Model.Like(LayerOptions.Unset());
        MasterWeights.Follow(copy, text.Model);
        return new ClipTextEncoder(text.Tokenizer, copy);
    }

    public void Dispose()
    {
        half?.Dispose();
        text.Dispose();
    }
}
