using System.ComponentModel;
using System.IO;
using System.Runtime.InteropServices;

namespace Diffusion.Runtime.Native;

/// <summary>Who owns a file: .NET tells a file's mode but not its owner.</summary>
internal static class UnixOwner
{
    private const int RelativeToWorkingFolder = -100, DoNotFollowLinks = 0x100, AskForOwner = 0x8;

    /// <summary>The id of the user that this process acts as.</summary>
    public static uint Current => GetEffectiveUser();

    /// <summary>The id of the user that owns a file, folder or link.</summary>
    /// <param name="path">The path; a link is not followed.</param>
    /// <exception cref="IOException">The path cannot be examined.</exception>
    public static unsafe uint Of(string path)
    {
        // struct statx is part of the kernel's interface: 256 bytes, the owner at byte 20, equal on every processor.
        var status = stackalloc byte[256];
        if (Examine(RelativeToWorkingFolder, path, DoNotFollowLinks, AskForOwner, status) != 0)
        {
            throw new IOException($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        }

        return *(uint*)(status + 20);
    }

    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint GetEffectiveUser();

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern unsafe int Examine(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte* status);
}
