namespace Diffusion.Runtime.Compilation;

/// <summary>Which path compiled a pipeline. All four give the same numbers.</summary>
public enum Origin
{
    /// <summary>Generated code that the compiler put in place of the call.</summary>
    BuildTime,

    /// <summary>Generated code of another call or assembly, found by its key.</summary>
    Registry,

    /// <summary>The same text, compiled in memory or taken from the cache.</summary>
    RunTime,

    /// <summary>The plan, run operation by operation.</summary>
    Interpreter,
}
