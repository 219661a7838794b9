using System.Linq;
using Diffusion.Dsl;
using Diffusion.Dsl.Steps;

namespace Diffusion.Benchmarks.Steps.Eager;

/// <summary>Where a sampler stands at each of its steps, from its table: what diffusers holds in <c>sigmas</c>, <c>timesteps</c> and <c>alphas_cumprod</c>.</summary>
internal sealed class EagerTable
{
    private readonly NoiseLevel[][] _evaluations;
    private readonly NoiseLevel[] _ends;
    private readonly double[] _timesteps;
    private readonly NoiseCurve _curve;

    public EagerTable(PipelineSpec spec)
    {
        var table = spec.Sampler.Derive(spec.Noise, spec.Prediction);
        _evaluations = table.Steps.Select(step => step.Ops.OfType<EvaluateOp>().Select(op => op.Level).ToArray()).ToArray();
        _ends = table.Steps.Select(step => step.Level).ToArray();
        _timesteps = table.Steps.Select(step => step.From).ToArray();
        Noise = spec.Noise;
        _curve = spec.Noise.Curve();
    }

    /// <summary>The schedule of training.</summary>
    public NoiseSchedule Noise { get; }

    /// <summary>n, the number of steps.</summary>
    public int Count => _ends.Length;

    /// <summary>How often the network runs in a step.</summary>
    public int Evaluations(int step) => _evaluations[step].Length;

    /// <summary>The level of x at the k-th evaluation of a step, from 1.</summary>
    public NoiseLevel At(int step, int evaluation = 1) => _evaluations[step][evaluation - 1];

    /// <summary>The level of x after a step.</summary>
    public NoiseLevel After(int step) => _ends[step];

    /// <summary>σ before a step, as the ratio of noise to signal; with step n the σ after the last.</summary>
    public double Sigma(int step) => step < Count ? _evaluations[step][0].Ratio : _ends[^1].Ratio;

    /// <summary>The timestep of a step; past the end 0.</summary>
    public double Timestep(int step) => step < Count ? _timesteps[step] : 0;

    /// <summary>ᾱ of training.</summary>
    public double AlphaBar(int timestep) => _curve.AlphaBar(timestep);
}
