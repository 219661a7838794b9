using System;
using System.Runtime.InteropServices;

namespace Diffusion.Runtime.Native;

/// <summary>What the system may do with pages of mapped files.</summary>
internal static class PageAdvice
{
    private const int DontNeed = 4;

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

    [DllImport("libc", EntryPoint = "madvise")]
    private static extern int Advise(nint address, nuint length, int advice);
}
