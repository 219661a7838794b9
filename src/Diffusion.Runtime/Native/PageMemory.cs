using System;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Diffusion.Runtime.Native;

/// <summary>
/// Memory for what lives as long as a network. On Linux large blocks are pages of their own: between them the C library's heap would keep holes of whatever was
/// freed meanwhile. Elsewhere the heap gives large blocks pages of their own by itself.
/// </summary>
internal sealed unsafe class PageMemory : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int ReadWrite = 1 | 2;
    private const int PrivateAnonymous = 2 | 0x20;

    // Smaller ones leave no holes worth a system call.
    private const long LeastMapped = 1 << 18;

    private const nuint Line = 64;

    private readonly long _bytes;

    /// <param name="bytes">How many; aligned to a line of the cache, and what they hold is not known.</param>
    /// <exception cref="OutOfMemoryException">The system has no more memory.</exception>
    public PageMemory(long bytes)
        : base(ownsHandle: true)
    {
        _bytes = bytes;
        SetHandle(IsMapped ? Map(0, (nuint)bytes, ReadWrite, PrivateAnonymous, -1, 0) : (nint)NativeMemory.AlignedAlloc((nuint)bytes, Line));
        if (IsInvalid)
            throw new OutOfMemoryException(FormattableString.Invariant($"The system has no {bytes} bytes of memory left."));
    }

    /// <summary>The first byte.</summary>
    public nint Address => handle;

    private bool IsMapped => OperatingSystem.IsLinux() && _bytes >= LeastMapped;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        if (IsMapped)
            return Unmap(handle, (nuint)_bytes) == 0;

        NativeMemory.AlignedFree((void*)handle);

        return true;
    }

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(nint address, nuint length);
}
