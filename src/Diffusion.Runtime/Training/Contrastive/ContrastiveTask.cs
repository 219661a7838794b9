using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Text;
using Diffusion.Runtime.Weights;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Runtime.Training;

/// <summary>
/// Trains a <see cref="ClipModel"/> on pictures with captions, Radford et al. (2021), arXiv:2103.00020, figure 3: each text is to find its picture, and each
/// picture its text, here also among texts that are false by a word (Yuksekgonul et al. 2022, arXiv:2210.01936).
/// </summary>
public sealed class ContrastiveTask : TrainingTask
{
    private const int TextsTogether = 64;

    private readonly ClipModel model;
    private readonly ClipModel? half;
    private readonly ClipTokenizer tokenizer;

    /// <summary>A task.</summary>
    /// <param name="model">The model, float32; the task disposes it.</param>
    /// <param name="tokenizer">What reads the captions.</param>
    /// <param name="precision">The number format of the passes.</param>
    /// <exception cref="DiffusionException">DIF0232: the hardware lacks the number format.</exception>
    public ContrastiveTask(ClipModel model, ClipTokenizer tokenizer, Precision precision = Precision.Float32)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        (this.model, this.tokenizer) = (model, tokenizer);
        Hardware.Check(precision, model.Device.type == DeviceType.CUDA ? Dsl.Device.Cuda : Dsl.Device.Cpu);
        half = precision == Precision.Float32 ? null : ClipModel.FromConfig(model.Config, LayerOptions.Unset(ElementTypes.Of(precision), model.Device));
        Passes.train();
    }

    /// <summary>A caption that says something else than the first argument, one for each number; null: none are shown.</summary>
    public Func<string, long, string>? Distort { get; init; }

    /// <summary>How many false captions each picture is shown besides those of the others.</summary>
    public int FalseCaptions { get; init; } = 2;

    /// <summary>The greatest deviation of the noise on pictures in [-1, 1], at least 0: a model for guidance meets pictures that are not finished.</summary>
    public double Noise { get; init; }

    /// <summary>
    /// Whether the text tower stays as it is, but for its projection (Zhai et al. 2021, arXiv:2111.07991): pictures learn to be seen as the texts are read, and a diffusion model that
    /// was trained with the tower goes on with it.
    /// </summary>
    public bool TextLocked
    {
        get => !Tower().First().requires_grad;
        init => Tower().ToList().ForEach(parameter => parameter.requires_grad = !value);
    }

    /// <inheritdoc/>
    public override nn.Module Model => model;

    private ClipModel Passes => half ?? model;

    /// <summary>The noise <c>[N, C, H, W]</c>, its deviations <c>[N, 1, 1, 1]</c>, and the numbers of the false captions <c>[N]</c>.</summary>
    /// <param name="shape">The shape of all pictures of the step.</param>
    /// <param name="random">Where random numbers come from.</param>
    public override IReadOnlyList<Tensor> Draw(long[] shape, Generator random)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return [randn(shape, generator: random), rand([shape[0], 1, 1, 1], generator: random), randint(long.MaxValue, [shape[0]], dtype: ScalarType.Int64, generator: random)];
    }

    /// <inheritdoc/>
    public override Tensor Loss(ImageBatch batch, IReadOnlyList<Tensor> draws)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(draws);
        var place = model.Device;
        var images = Arithmetic.Plus(batch.Images, Arithmetic.Times(draws[1], Noise) * draws[0]);
        var texts = Features(Read([.. Texts(batch.Captions, draws[2]).Select(tokenizer.Encode)], place));
        var pictures = Features(Passes.ImageFeatures(ClipPixels.Normalize(images.to(place)).to(Passes.DType)));
        return ContrastiveLoss.OfPairs(texts.matmul(pictures.t()) * model.LogitScale.exp());
    }

    /// <inheritdoc/>
    public override void BeginStep()
    {
        model.ClampLogitScale();
        MasterWeights.Follow(half, model);
    }

    /// <inheritdoc/>
    public override void EndGradients() => MasterWeights.Collect(half, model);

    /// <summary>Writes the model and its tokenizer.</summary>
    /// <param name="folder">The folder; made where it is missing.</param>
    public override void SavePretrained(string folder)
    {
        model.SavePretrained(folder);
        tokenizer.Save(folder);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        half?.Dispose();
        model.Dispose();
    }

    private IEnumerable<Tensor> Tower() => Passes.named_parameters().Where(named => named.name.StartsWith("text_model.", StringComparison.Ordinal)).Select(named => named.parameter);

    private static Tensor Features(Tensor features) => F.normalize(features.to(ScalarType.Float32), dim: -1);

    private IEnumerable<string> Texts(IReadOnlyList<string> captions, Tensor numbers)
    {
        if (Distort is null)
            return captions;

        var seeds = numbers.data<long>().ToArray();
        return captions.Concat(Enumerable.Range(0, FalseCaptions).SelectMany(turn => captions.Select((caption, i) => Distort(caption, seeds[i] ^ turn))));
    }

    // Texts see nothing behind them: those of like length are read together, without the padding behind the longest of them.
    private Tensor Read(Tokens[] texts, Device place)
    {
        var order = Enumerable.Range(0, texts.Length).OrderBy(i => texts[i].Length).ToArray();
        var sorted = cat([.. order.Chunk(TextsTogether).Select(some => Passes.TextFeatures(Ids([.. some.Select(i => texts[i])]).to(place)))]);
        return sorted.index_select(0, tensor(order).argsort().to(place));
    }

    private static Tensor Ids(Tokens[] texts) => TokenTensors.Ids(texts).narrow(1, 0, texts.Max(text => text.Length));
}
