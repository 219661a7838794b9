using System;
using System.Runtime.InteropServices;

namespace Diffusion.Runtime.Native;

/// <summary>What the system may do with pages.</summary>
internal static class PageAdvice
{
    private const int DontNeed = 4;
    private const int HugePages = 14;

    /// <summary>Lets go of the pages that lie in this part of a mapped file as a whole; touched again, they are read again. Without effect where the system takes no advice.</summary>
    /// <param name="address">The first byte, in memory that maps a file and was not written to.</param>
    /// <param name="bytes">How many.</param>
    public static void LetGo(nint address, long bytes)
    {
        if (!OperatingSystem.IsLinux())
            return;

        var page = (nint)Environment.SystemPageSize;
        var (start, end) = ((address + page - 1) / page * page, (nint)(address + bytes) / page * page);
        if (start < end)
            _ = Advise(start, (nuint)(end - start), DontNeed);
    }

    /// <summary>Huge pages are welcome in this part of memory: one entry of the processor's table of pages then serves 2 MB. Without effect where the system takes no advice.</summary>
    /// <param name="address">The first byte, at the start of a page.</param>
    /// <param name="bytes">How many.</param>
    public static void Huge(nint address, long bytes)
    {
        if (OperatingSystem.IsLinux())
            _ = Advise(address, (nuint)bytes, HugePages);
    }

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int Advise(nint address, nuint length, int advice);
}
