using System;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>What becomes of pictures that cannot be read: fatal, left out, or left out and named.</summary>
/// <param name="AreFatal">Whether the first one ends the reading with its sentence.</param>
/// <param name="Report">Told of each one that is left out, on the reading thread; null: silence.</param>
public sealed record BrokenImages(bool AreFatal, Action<Finding>? Report = null)
{
    /// <summary>The first one ends the reading with its sentence.</summary>
    public static BrokenImages Fail { get; } = new(true);

    /// <summary>They are left out; their batches are smaller by them.</summary>
    public static BrokenImages Skip { get; } = new(false);

    /// <summary>They are left out, and each is named.</summary>
    /// <param name="report">Told of each one, on the thread that enumerates the batches.</param>
    public static BrokenImages Name(Action<Finding> report) => new(false, report ?? throw new ArgumentNullException(nameof(report)));

    /// <summary>The same, fatal or not.</summary>
    /// <param name="areFatal">Whether the first one ends the reading.</param>
    public BrokenImages WithAreFatal(bool areFatal) => this with { AreFatal = areFatal };

    /// <summary>The same with another listener.</summary>
    /// <param name="report">Told of each one that is left out; null: silence.</param>
    public BrokenImages WithReport(Action<Finding>? report) => this with { Report = report };
}
