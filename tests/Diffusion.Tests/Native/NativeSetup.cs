using System.Runtime.CompilerServices;
using Diffusion.Runtime.Native;

namespace Diffusion.Tests.Native;

/// <summary>A test may touch TorchSharp before it touches Diffusion.Runtime, whose first use hooks native loading.</summary>
internal static class NativeSetup
{
    [ModuleInitializer]
    internal static void Hook() => RuntimeHelpers.RunModuleConstructor(typeof(LibTorch).Module.ModuleHandle);
}
