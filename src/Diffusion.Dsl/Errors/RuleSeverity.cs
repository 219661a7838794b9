namespace Diffusion.Dsl;

/// <summary>How serious a <see cref="Finding"/> is. Errors stop a compilation, at build time and at run time.</summary>
public enum RuleSeverity
{
    /// <summary>Worth knowing; nothing is wrong.</summary>
    Info,

    /// <summary>Probably not what was meant; the pipeline still runs.</summary>
    Warning,

    /// <summary>The definition, file or call cannot be used.</summary>
    Error,
}
