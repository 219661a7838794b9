namespace Diffusion.Dsl;

/// <summary>Who said the value of an option.</summary>
internal enum OptionOrigin
{
    /// <summary>The definition.</summary>
    Definition,

    /// <summary>The checkpoint's scheduler_config.json.</summary>
    Checkpoint,

    /// <summary>Nobody: diffusers' default.</summary>
    Default,
}
