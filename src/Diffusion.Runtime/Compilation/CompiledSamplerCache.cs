using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Diffusion.Dsl.Emission;
using Diffusion.Runtime.Files;
using Diffusion.Runtime.Sampling;

namespace Diffusion.Runtime.Compilation;

/// <summary>
/// Compiled samplers on disk, by the hash of their text and of the libraries they were compiled against. A cache that cannot be read or written is no
/// cache: nothing fails because of it.
/// </summary>
internal sealed class CompiledSamplerCache
{
    private readonly string _folder;

    private CompiledSamplerCache(string folder) => _folder = folder;

    /// <param name="folder">Null: the per-user folder; empty: no cache.</param>
    public static CompiledSamplerCache? In(string? folder)
    {
        if (folder is "")
        {
            return null;
        }

        var root = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return folder is null && root.Length == 0 ? null : new CompiledSamplerCache(folder ?? Path.Combine(root, "Diffusion.Dsl", "samplers"));
    }

    public byte[]? Find(EmittedSampler emitted)
    {
        try
        {
            var file = FileOf(emitted);
            return File.Exists(file) ? File.ReadAllBytes(file) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Store(EmittedSampler emitted, byte[] assembly)
    {
        try
        {
            // Code is run from here: only its owner may write.
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(_folder);
            }
            else
            {
                Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            AtomicFile.Write(FileOf(emitted), assembly);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Compiled again next time.
        }
    }

    private string FileOf(EmittedSampler emitted)
    {
        var identity = typeof(EmittedSampler).Module.ModuleVersionId.ToString() + typeof(Sampler).Module.ModuleVersionId + emitted.Text;
        return Path.Combine(_folder, emitted.ClassName + "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..16] + ".dll");
    }
}
