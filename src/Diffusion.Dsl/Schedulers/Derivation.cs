using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl;

/// <summary>What a sampler's table is derived from.</summary>
/// <param name="noise">The checkpoint's noise schedule.</param>
/// <param name="prediction">What the network predicts.</param>
/// <param name="start">How many of the noisiest steps are left out.</param>
internal sealed class Derivation(NoiseSchedule noise, PredictionType prediction, int start)
{
    private readonly Lazy<NoiseCurve> _curve = new(noise.Curve);
    private readonly Lazy<ModelNoise> _model = new(() => new ModelNoise(NoiseCurve.FiniteOf(noise)));

    public NoiseSchedule Noise => noise;

    public PredictionType Prediction => prediction;

    public int Start => start;

    /// <summary>ᾱ_t of training, for samplers that step between training timesteps.</summary>
    public NoiseCurve Curve => _curve.Value;

    /// <summary>σ of training as a function of t and back, for samplers that step between noise levels.</summary>
    public ModelNoise Model => _model.Value;

    /// <summary>x̂_0 and ε̂ from x and the network's output at a level.</summary>
    public PredictionBasis Basis(NoiseLevel level) => PredictionBasis.Of(prediction, level);

    /// <summary>x̂_0 ← p·x + q·m at a level, then its clamp.</summary>
    public IEnumerable<StepOp> CleanSample(NoiseLevel level, Clamp? clamp = null, int stage = 1)
    {
        var basis = Basis(level);
        yield return new ConvertOp(basis.P, basis.Q) { Stage = stage };
        if (clamp is not null and not NoClamp)
        {
            yield return new ClampOp(clamp) { Stage = stage };
        }
    }

    /// <summary>factor·ε̂ in terms of x and m.</summary>
    public Term[] NoiseTerms(NoiseLevel level, double factor, int stage = 1)
    {
        var basis = Basis(level);
        return [new Term(Register.X, factor * basis.R), new Term(Register.M.At(stage), factor * basis.S)];
    }

    /// <summary>target ← ε̂; from the clamped x̂_0 where there is a clamp.</summary>
    public AffineOp PredictedNoise(Register target, NoiseLevel level, Clamp? clamp = null, int stage = 1) => clamp is null or NoClamp
        ? AffineOp.Of(target, NoiseTerms(level, 1, stage))
        : AffineOp.Of(target, new Term(Register.X, 1 / level.Sigma), new Term(Register.X0.At(stage), -level.Alpha / level.Sigma));

    /// <summary>d ← (x − x̂_0)/σ, the slope dx/dσ of the probability flow where the clean sample has scale 1 (arXiv:2206.00364, Eq. 3).</summary>
    public AffineOp Slope(double sigma, Clamp? clamp = null, int stage = 1)
    {
        var basis = Basis(NoiseLevel.Exploding(sigma));
        return clamp is null or NoClamp
            ? AffineOp.Of(Register.Slope(stage), new Term(Register.X, (1 - basis.P) / sigma), new Term(Register.M.At(stage), -basis.Q / sigma))
            : AffineOp.Of(Register.Slope(stage), new Term(Register.X, 1 / sigma), new Term(Register.X0.At(stage), -1 / sigma));
    }

    /// <summary>m ← network(x/√(σ² + 1), t) where the clean sample has scale 1.</summary>
    public static EvaluateOp Evaluate(double timestep, double sigma, int stage = 1, bool splitVariance = false) =>
        EvaluateOp.Single(timestep, NoiseLevel.Exploding(sigma), 1 / Math.Sqrt((sigma * sigma) + 1), stage, splitVariance);

    /// <summary>The steps from <see cref="Start"/> on.</summary>
    public StepTable Table(int count, Func<int, Step> row, double initialNoiseSigma = 1) =>
        new(Enumerable.Range(start, count - start).Select(row)) { InitialNoiseSigma = initialNoiseSigma };
}
