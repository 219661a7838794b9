using System;
using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Bad input, told in whole sentences: every finding has a subject, a value, what is allowed and a remedy.</summary>
public sealed class DiffusionException : Exception
{
    /// <summary>An exception for one finding.</summary>
    /// <param name="finding">What is wrong.</param>
    /// <param name="inner">The exception that revealed it, if any.</param>
    public DiffusionException(Finding finding, Exception? inner = null)
        : this(EquatableArray.Of(finding), inner)
    {
    }

    /// <summary>An exception for all findings of one definition or file.</summary>
    /// <param name="findings">What is wrong; at least one.</param>
    /// <param name="inner">The exception that revealed it, if any.</param>
    public DiffusionException(IEnumerable<Finding> findings, Exception? inner = null)
        : this(findings.ToEquatableArray(), inner)
    {
    }

    private DiffusionException(EquatableArray<Finding> findings, Exception? inner)
        : base(string.Join("\n", findings.Select(finding => finding.ToString())), inner) => Findings = findings;

    /// <summary>Everything that was found wrong, in the order of the definition.</summary>
    public EquatableArray<Finding> Findings { get; }

    /// <summary>The id of the first finding, such as <c>DIF0201</c>.</summary>
    public string Id => Findings[0].Rule.Id;
}
