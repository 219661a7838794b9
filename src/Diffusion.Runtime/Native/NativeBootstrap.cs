using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Diffusion.Runtime.Native;

/// <summary>Hooks <see cref="LibTorch"/> behind ordinary native loading as soon as this assembly is first used.</summary>
internal static class NativeBootstrap
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Nobody else can run before TorchSharp's own static constructor asks for its natives.")]
    internal static void Hook()
    {
        // The event fires in the load context of the asking assembly, and only after ordinary loading has failed. TorchSharp sits beside
        // this assembly (dotnet run, tests, F# interactive: the default context; Roslyn scripting: a context of its own).
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += LibTorch.Resolve;
        if (AssemblyLoadContext.GetLoadContext(typeof(NativeBootstrap).Assembly) is { } own && own != AssemblyLoadContext.Default)
        {
            own.ResolvingUnmanagedDll += LibTorch.Resolve;
        }
    }
}
