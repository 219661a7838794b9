namespace Diffusion.Dsl;

public static partial class Rules
{
    /// <summary>DIF0650: something is defined that this version cannot run.</summary>
    public static readonly Rule NotYetCompiled = new("DIF0650", "Not yet compiled", "{0} can be defined but not run by this version, which compiles {1}; remove it until a later version");
}
