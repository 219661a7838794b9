using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime;
using Diffusion.Runtime.Data.Shapes;
using Diffusion.Runtime.Metrics;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Text;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Quality;

/// <summary>The shapes' own CLIP model as a judge beside the analytic one, and its picture features for the Fréchet distance.</summary>
internal sealed class ClipJudge(string folder) : IDisposable
{
    private const int Falsehoods = 8;
    private const int Batch = 64;

    private readonly ClipModel model = ClipModel.FromPretrained(folder);
    private readonly ClipTokenizer tokenizer = ClipTokenizer.Load(folder);

    /// <summary>The features of pictures, <c>[N, P]</c>.</summary>
    public Tensor Features(IEnumerable<Image> pictures)
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        return cat([.. pictures.Chunk(Batch).Select(chunk => model.ImageFeatures(chunk))], 0).MoveToOuterDisposeScope();
    }

    /// <summary>The mean cosine of the angles between pictures and their captions, and the share of pictures that are nearer to their caption than to eight that are false by a word.</summary>
    public (double Cosine, double Share) Judge(IReadOnlyList<string> captions, IReadOnlyList<Image> pictures)
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        var features = Features(pictures);
        var (sum, right) = (0.0, 0);
        for (var i = 0; i < captions.Count; i++)
        {
            using var inner = NewDisposeScope();
            string[] texts = [captions[i], .. Enumerable.Range(0, Falsehoods).Select(k => CaptionDistortion.Distort(captions[i], k)).Where(text => text != captions[i]).Distinct()];
            var cosines = nn.functional.cosine_similarity(model.TextFeatures(texts.Select(tokenizer.Encode)), features.narrow(0, i, 1), 1);
            sum += cosines[0].item<float>();
            right += cosines.argmax().item<long>() == 0 ? 1 : 0;
        }

        return (sum / captions.Count, (double)right / captions.Count);
    }

    /// <summary>The Fréchet distance of two sets of pictures in the model's space of unit vectors.</summary>
    public double Frechet(IEnumerable<Image> one, IEnumerable<Image> other)
    {
        using var scope = NewDisposeScope();
        return FrechetDistance.Between(Statistics(one), Statistics(other));
    }

    public void Dispose() => model.Dispose();

    private FeatureStatistics Statistics(IEnumerable<Image> pictures) => FeatureStatistics.Of(nn.functional.normalize(Features(pictures), dim: -1));
}
