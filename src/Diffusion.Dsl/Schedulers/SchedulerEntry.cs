using System;

namespace Diffusion.Dsl;

/// <summary>One sampler of the registry: its names, and how to make one from a config file.</summary>
/// <param name="Name">The factory's name on <see cref="Schedulers"/>.</param>
/// <param name="DiffusersClass">The class of diffusers that it equals.</param>
/// <param name="Paper">The paper it comes from, with its arXiv number.</param>
/// <param name="Create">The sampler with a number of steps; the other options left to the checkpoint.</param>
/// <param name="PreservesMarginals">Whether every step keeps the marginals of the forward process (the law that the tests hold it to).</param>
public sealed record SchedulerEntry(string Name, string DiffusersClass, string Paper, Func<int, Scheduler> Create, bool PreservesMarginals)
{
    /// <inheritdoc/>
    public override string ToString() => Name + " (" + DiffusersClass + ")";
}
