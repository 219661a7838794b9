using System;
using System.IO;
using System.Text;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Files;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>A model's folder as diffusers lays it out: config.json and weights.</summary>
internal static class PretrainedFolder
{
    private const string ConfigName = "config.json";
    private const string WeightsName = "diffusion_pytorch_model.safetensors";
    private const string TransformersWeightsName = "model.safetensors";

    /// <summary>The folder that holds the network's config.json: the one that is named, or the one of a pipeline's part below it.</summary>
    /// <param name="source">The folder, or the name of a model in the hub's cache.</param>
    /// <param name="part">Where pipelines keep such networks.</param>
    /// <exception cref="DiffusionException">DIF0501: nothing is there.</exception>
    public static string Find(string source, string part = "unet")
    {
        var folder = Root(source);

        return !File.Exists(Path.Combine(folder, ConfigName)) && File.Exists(Path.Combine(folder, part, ConfigName)) ? Path.Combine(folder, part) : folder;
    }

    /// <summary>The folder of a part of a pipeline.</summary>
    /// <exception cref="DiffusionException">DIF0501: there is no such checkpoint.</exception>
    public static string Part(string source, string part) => Path.Combine(Root(source), part);

    /// <summary>The folder of a network by name.</summary>
    /// <exception cref="DiffusionException">DIF0501: there is no such checkpoint.</exception>
    public static string Of(UnetModel model) => Path.Combine(Root(model.Source), model.Subfolder);

    /// <summary>The object of the folder's config.json.</summary>
    /// <exception cref="DiffusionException">DIF0501: it is not there. DIF0580: it is not JSON.</exception>
    public static JsonValue Config(string folder)
    {
        var file = Path.Combine(folder, ConfigName);

        return JsonValue.Parse(File.Exists(file) ? File.ReadAllText(file) : throw Rules.CheckpointMissing.Error(file), file);
    }

    /// <summary>A model with the weights of a folder, in evaluation mode.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="create">Makes the model, unset.</param>
    /// <param name="variant">Which variant of the weights to read; null reads the plain one, or else the only one there is.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <param name="rename">Gives the module's name for a name of the checkpoint; null keeps all.</param>
    /// <param name="assign">Whether CPU parameters of the file's type take over the mapped file as their memory.</param>
    public static TModel Load<TModel>(string folder, Func<TModel> create, string? variant, IProgress<double>? progress, CancellationToken cancellation, Func<string, string?>? rename = null, bool assign = false)
        where TModel : nn.Module
    {
        using var reader = Checkpoint.Open(folder, variant);

        return Filled(create, reader, progress, cancellation, rename, assign);
    }

    /// <summary>A model with the weights of an open checkpoint, in evaluation mode; where they do not fit nothing stays allocated.</summary>
    /// <param name="create">Makes the model, unset.</param>
    /// <param name="reader">The checkpoint.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    /// <param name="rename">Gives the module's name for a name of the checkpoint; null keeps all.</param>
    /// <param name="assign">Whether CPU parameters of the file's type take over the mapped file as their memory.</param>
    public static TModel Filled<TModel>(Func<TModel> create, ICheckpointReader reader, IProgress<double>? progress, CancellationToken cancellation, Func<string, string?>? rename = null, bool assign = false)
        where TModel : nn.Module
    {
        var model = create();
        try
        {
            StateDict.Load(model, reader, rename, assign: assign, progress: progress, cancellation: cancellation);
            model.eval();

            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes the weights, then config.json; each whole or not at all.</summary>
    public static void Save(string folder, nn.Module model, JsonValue config, ScalarType? dtype) => Save(folder, WeightsName, model, config, dtype);

    /// <summary>The same under transformers' names, with the class that reads it back.</summary>
    public static void SaveForTransformers(string folder, nn.Module model, JsonValue config, string architecture, ScalarType? dtype) =>
        Save(folder, TransformersWeightsName, model, config.With("architectures", JsonValue.Array([JsonValue.Of(architecture)])), dtype);

    private static void Save(string folder, string weights, nn.Module model, JsonValue config, ScalarType? dtype)
    {
        Directory.CreateDirectory(folder);
        StateDict.Save(model, Path.Combine(folder, weights), dtype);
        AtomicFile.Write(Path.Combine(folder, ConfigName), Encoding.UTF8.GetBytes(config.ToIndentedString()));
    }

    private static string Root(string source) => ModelFolders.Find(source) ?? throw Rules.CheckpointMissing.Error(source);
}
