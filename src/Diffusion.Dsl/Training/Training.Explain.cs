using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <content>The loop that a definition stands for.</content>
public sealed partial record Training
{
    /// <summary>
    /// The training as the loop that is run: every draw, pass and update in its order, with the numbers of this definition. It answers what
    /// <c>Run</c> does without reading the library.
    /// </summary>
    /// <returns>Lines of pseudocode in C#'s notation that end with a line feed.</returns>
    public string Explain() => string.Join("\n", Lines()) + "\n";

    private IEnumerable<string> Lines()
    {
        var schedule = NoiseSchedule ?? (Network is PretrainedUNet ? null : Dsl.NoiseSchedule.Linear);
        var objective = LearnedObjective ?? (Network is PretrainedUNet ? null : Objectives.Epsilon);
        var count = schedule is null ? "T" : Dsl.Text.Of(schedule.TrainTimesteps - (Errata.MissesLastTimestep ? 1 : 0));
        yield return "// " + this;
        yield return "// ᾱ[t] of " + (schedule?.ToString() ?? "the checkpoint") + "; " + Dsl.Text.Of(TotalSteps) + " steps, " + Dsl.Text.Of(StepsPerEpoch) + " an epoch";
        yield return "var random = new Generator(" + Dsl.Text.Of(RandomSeed) + ");";
        yield return "for (var step = 0; step < " + Dsl.Text.Of(TotalSteps) + "; step++)";
        yield return "{";
        yield return "    var x0 = next(" + (AccumulationSteps == 1 ? "" : Dsl.Text.Of(AccumulationSteps) + " batches of ") + Dsl.Text.Of(BatchSize) + " pictures);" + (AccumulationSteps == 1 ? "" : Errata.DropsPartialGroup ? " // as in the course, without the epoch's last ones" : " // or what the epoch has left");
        if (Autoencoder is not null)
        {
            yield return "    x0 = s·vae.Encode(x0).Sample(random); // latents of unit variance, arXiv:2112.10752, section 3.3";
        }

        yield return "    var e = randn(x0.shape, random);";
        yield return "    var t = " + Draw(count) + ";";
        if (LabelDropout > 0)
        {
            yield return "    labels = where(rand(n, random) < " + Dsl.Text.Of(LabelDropout) + ", none, labels);";
        }

        if (CaptionDropout > 0)
        {
            yield return "    captions = where(rand(n, random) < " + Dsl.Text.Of(CaptionDropout) + ", \"\", captions);";
        }

        var indent = AccumulationSteps == 1 ? "    " : "        ";
        if (AccumulationSteps > 1)
        {
            yield return "    foreach (batch) // its rows of x0, e and t";
            yield return "    {";
        }

        yield return indent + "var x = √ᾱ[t]·x0 + √(1−ᾱ[t])·e; // arXiv:2006.11239, Eq. (4)";
        if (TextEncoder is not null)
        {
            yield return indent + "var c = text(captions);" + (TextLearns ? " // it learns, too" : "");
        }

        yield return indent + "var m = network(x, t" + (Network.Classes is null ? "" : ", labels") + (TextEncoder is null ? "" : ", c") + ");" + Passes();
        yield return indent + "var loss = mean(" + (objective?.Weighting is null or UniformWeighting ? "" : "w[t]·") + "(m − " + Target(objective) + ")²);" + (objective?.Weighting is null or UniformWeighting ? "" : " // w of " + objective.Weighting);
        yield return indent + Backward();
        if (AccumulationSteps > 1)
        {
            yield return "    }";
            yield return "";
        }

        if (MaxGradientNorm is { } norm)
        {
            yield return "    clip(gradients, maxNorm: " + Dsl.Text.Of(norm) + ");";
        }

        yield return "    " + UpdateRule + ".Step(rate: " + LearningRate + ".At(step, " + Dsl.Text.Of(UpdateRule.Rate) + ", " + Dsl.Text.Of(TotalSteps) + "));";
        if (Average is { } average)
        {
            yield return "    shadow = d·shadow + (1−d)·parameters; // d of " + average;
        }

        yield return "}";
    }

    private static string Target(Objective? objective) => objective?.Prediction switch
    {
        null => "what the checkpoint predicts",
        PredictionType.Epsilon => "e",
        PredictionType.Sample => "x0",
        PredictionType.Flow => "(e − x0)",
        _ => "(√ᾱ[t]·e − √(1−ᾱ[t])·x0)",
    };

    private string Draw(string count) => TimestepSampling switch
    {
        LogitNormalTimesteps normal => "floor(" + count + "·sigmoid(" + Dsl.Text.Of(normal.Mean) + " + " + Dsl.Text.Of(normal.Deviation) + "·randn(n, random)))",
        StratifiedTimesteps => "floor(" + count + "·([0 … n−1] + rand(n, random))/n)",
        _ => "randint(0, " + count + ", [n], random)",
    };

    private string Passes() => string.Concat(new[]
    {
        ComputePrecision == Dsl.Precision.Float32 ? "" : " // passes in " + Names.Of(ComputePrecision),
        GradientCheckpointing ? " // activations are computed again on the way back" : "",
    });

    private string Backward()
    {
        var share = AccumulationSteps == 1 || Errata.SumsAccumulated ? "loss" : "(loss·batch.n/n)";
        return Errata.MultipliesGradientByLoss ? share + ".backward(loss); // as in the course: every gradient times the loss" : share + ".backward();";
    }
}
