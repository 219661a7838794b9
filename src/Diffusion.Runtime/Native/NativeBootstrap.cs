using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using SkiaSharp;
using TorchSharp;

namespace Diffusion.Runtime.Native;

/// <summary>Hooks <see cref="LibTorch"/> and <see cref="SkiaNative"/> behind ordinary native loading as soon as this assembly is first used.</summary>
internal static class NativeBootstrap
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Nobody else can run before TorchSharp's own static constructor asks for its natives.")]
    internal static void Hook()
    {
        ThreadPolicy.WaitBriefly();

        // The event fires in the load context of the asking assembly (ours for oneDNN, TorchSharp's for the rest), and only after ordinary
        // loading has failed. Programs, tests and F# interactive have one context; Roslyn scripting gives every assembly its own.
        Assembly[] asking = [typeof(NativeBootstrap).Assembly, typeof(torch).Assembly, typeof(SKImageInfo).Assembly];
        foreach (var context in asking.Select(AssemblyLoadContext.GetLoadContext).Distinct())
        {
            context!.ResolvingUnmanagedDll += LibTorch.Resolve;
            context.ResolvingUnmanagedDll += SkiaNative.Resolve;
        }
    }
}
