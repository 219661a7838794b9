using System;

namespace Diffusion.Dsl;

/// <summary>One sampler of the registry: its names, and how to make one.</summary>
/// <param name="Paper">The paper it comes from, with its arXiv number.</param>
/// <param name="Create">The sampler with a number of steps; the other options left to the checkpoint.</param>
public sealed record SchedulerEntry(string Paper, Func<int, Scheduler> Create)
{
    private readonly Scheduler _example = Create(10);

    /// <summary>The factory's name on <see cref="Schedulers"/>.</summary>
    public string Name => _example.Name;

    /// <summary>The class of diffusers that it equals.</summary>
    public string DiffusersClass => _example.DiffusersClass;

    /// <summary>What k-diffusion calls it; null where it has none.</summary>
    public string? KDiffusionName { get; init; }

    /// <summary>What AUTOMATIC1111's web UI calls it; null where it has none.</summary>
    public string? WebUiName { get; init; }

    /// <summary>Why its steps do not keep the marginals of the forward process; null where they do, and the tests hold every row to that law.</summary>
    public string? MarginalException { get; init; }

    /// <summary>The order of convergence.</summary>
    public int Order => _example.Order;

    /// <summary>How often the network runs in a step.</summary>
    public int EvaluationsPerStep => _example.EvaluationsPerStep;

    /// <summary>How many earlier outputs a step reads.</summary>
    public int HistoryLength => _example.HistoryLength;

    /// <summary>Whether fresh noise is added on the way, with the default options.</summary>
    public bool IsStochastic => _example.IsStochastic;

    /// <summary>Which networks it is for.</summary>
    internal ModelKind Kind => _example.Kind;

    /// <summary>What config files of the class say of the noise.</summary>
    internal NoiseKeys NoiseKeys => _example.NoiseKeys;

    /// <inheritdoc/>
    public override string ToString() => Name + " (" + DiffusersClass + ")";
}
