namespace Diffusion.Runtime.Compilation;

/// <summary>How <c>Compile</c> goes about it.</summary>
public enum CompileMode
{
    /// <summary>Registered code, else the run-time compiler; the interpreter where no code can be loaded.</summary>
    Automatic,

    /// <summary>The run-time compiler, even where generated code is registered.</summary>
    RunTime,

    /// <summary>The interpreter: nothing is compiled.</summary>
    Interpreter,
}
