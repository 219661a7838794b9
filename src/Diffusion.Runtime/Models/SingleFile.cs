using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Kernels;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Original;
using Diffusion.Runtime.Weights.Safetensors;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>One file for all parts of Stable Diffusion, in the original layout of CompVis and Stability AI, as other programs read it.</summary>
public static class SingleFile
{
    /// <summary>Writes a file in the original layout, whole or not at all. Nothing in it says how the models are configured: that is read from shapes again.</summary>
    /// <param name="path">Where to write, a <c>.safetensors</c> file; an older one is replaced.</param>
    /// <param name="unet">The U-Net; null leaves it out.</param>
    /// <param name="vae">The autoencoder; null leaves it out.</param>
    /// <param name="dtype">The type of the weights in the file; the parameters' own where null.</param>
    /// <param name="others">Tensors that are written as they are, such as a text encoder's under <c>cond_stage_model.transformer.</c>; null for none.</param>
    /// <exception cref="DiffusionException">DIF0510: the format lacks that type. DIF0514: the file cannot be written. DIF0529: a parameter has no name in that layout.</exception>
    public static void Save(string path, UNet2DConditionModel? unet, AutoencoderKL? vae = null, ScalarType? dtype = null, IReadOnlyDictionary<string, Tensor>? others = null)
    {
        using var guard = no_grad();
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>(others ?? new Dictionary<string, Tensor>(), StringComparer.Ordinal);
        if (unet is not null)
            Add(unet, OriginalNames.UNet(unet.Config));
        if (vae is not null)
            Add(vae, OriginalNames.Autoencoder(vae.Config));
        SafetensorsFile.Write(path, tensors, dtype);

        void Add(nn.Module model, OriginalNames names)
        {
            foreach (var (name, tensor) in model.state_dict())
            {
                var original = names.ToOriginal(name) ?? throw Rules.OriginalNameMissing.Error(name, model.GetName());
                tensors[original] = names.Edits(original)!.Single().Edit == TensorEdit.Pointwise ? tensor.view(tensor.Sizes()[0], tensor.Sizes()[1], 1, 1) : tensor;
            }
        }
    }

    /// <summary>A model with the weights of one part of a file, in evaluation mode.</summary>
    /// <param name="path">The file.</param>
    /// <param name="part">Finds the part.</param>
    /// <param name="create">Makes the model, unset.</param>
    /// <param name="progress">Told the share of the bytes that is done, in [0, 1].</param>
    /// <param name="cancellation">Stops between two tensors.</param>
    internal static TModel Load<TModel>(
        string path,
        Func<OriginalCheckpoint, ICheckpointReader> part,
        Func<OriginalLayout, TModel> create,
        IProgress<double>? progress,
        CancellationToken cancellation)
        where TModel : nn.Module
    {
        using var file = OriginalCheckpoint.Open(path);
        using var reader = part(file); // tells what is missing before a model is made

        return PretrainedFolder.Filled(() => create(file.Layout), reader, progress, cancellation);
    }
}
