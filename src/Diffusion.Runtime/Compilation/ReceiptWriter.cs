using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Native;
using Diffusion.Runtime.Weights;
using TorchSharp;
using Device = Diffusion.Dsl.Device;

namespace Diffusion.Runtime.Compilation;

/// <summary>Writes the receipts of one loaded pipeline. Files are stamped when it is loaded and hashed when the first receipt is asked for.</summary>
internal sealed class ReceiptWriter
{
    private const string Rng = "CPU";

    private readonly CompiledPipeline _compiled;
    private readonly Lazy<EquatableArray<WeightsHash>> _weights;

    private ReceiptWriter(CompiledPipeline compiled, Device device, Precision precision, IReadOnlyList<(string Name, FileStamp File)> weights)
    {
        _compiled = compiled;
        _weights = new(
            () => weights.Select(weight => new WeightsHash(weight.Name, FileHashes.Default.Of(weight.File))).ToEquatableArray(),
            LazyThreadSafetyMode.ExecutionAndPublication);
        Machine = new ReceiptMachine(
            device,
            precision,
            compiled.Origin == Origin.Interpreter ? "interpreted" : "compiled",
            Rng,
            typeof(Receipt).Assembly.GetName().Version!.ToString(3),
            typeof(torch).Assembly.GetName().Version!.ToString(3),
            NativeSearch.LibTorchVersion);
        Write = origin => new Receipt(_compiled.Definition, _compiled.Spec, origin.Pictures, origin.Width, origin.Height, Machine) { Weights = Weights };
    }

    /// <summary>What runs the pipeline.</summary>
    public ReceiptMachine Machine { get; }

    /// <summary>Writes a receipt; always the same object, by which pictures of one pipeline are known.</summary>
    public Func<ImageOrigin, Receipt> Write { get; }

    /// <summary>The files of weights; empty for a network that the program brought itself.</summary>
    public EquatableArray<WeightsHash> Weights => _weights.Value;

    /// <summary>For networks that are read from files after this call; files that are not there are for whoever reads them to tell.</summary>
    public static ReceiptWriter OfFiles(CompiledPipeline compiled, Device device, Precision precision)
    {
        var (unet, vae, text) = (compiled.Definition.UnetModel!, compiled.Definition.VaeModel, compiled.Definition.TextModel);
        var parts = new[] { (unet.Source, unet.Subfolder) }
            .Concat(compiled.Definition.Guiders.OfType<AutoGuidance>().Select(guider => (guider.Worse.Source, guider.Worse.Subfolder)))
            .Concat(vae is null ? [] : [(vae.Source, vae.Subfolder)])
            .Concat(text is null ? [] : [(text.Source, text.Subfolder)]);
        return new(compiled, device, precision, [.. parts.SelectMany(part => Stamped(part.Source, part.Subfolder)).Distinct()]);
    }

    /// <summary>For a network that the program brings itself.</summary>
    public static ReceiptWriter OfNetwork(CompiledPipeline compiled) => new(compiled, Device.Cpu, Precision.Float32, []);

    private static IEnumerable<(string Name, FileStamp File)> Stamped(string source, string subfolder)
    {
        try
        {
            if (ModelFolders.FindFile(source) is { } single)
            {
                return [(Path.GetFileName(single), FileStamp.Of(single))];
            }

            var folder = PretrainedFolder.Part(source, subfolder);
            var prefix = subfolder.Length == 0 ? "" : subfolder.Replace('\\', '/') + "/";
            return Directory.Exists(folder) ? CheckpointFolder.Files(folder).Select(file => (prefix + Path.GetFileName(file), FileStamp.Of(file))).ToArray() : [];
        }
        catch (Exception error) when (error is DiffusionException or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
