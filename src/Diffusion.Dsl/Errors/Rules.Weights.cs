namespace Diffusion.Dsl;

/// <content>Group 05, weights: DIF0501 to DIF0549.</content>
public static partial class Rules
{
    /// <summary>DIF0501: no checkpoint lies at a path.</summary>
    public static readonly Rule CheckpointMissing = new(
        "DIF0501",
        "Checkpoint does not exist",
        "there is no checkpoint {0}; give the path of a weights file, an index file or the folder of a model");

    /// <summary>DIF0502: a folder holds no weights, or several that cannot be told apart.</summary>
    public static readonly Rule CheckpointFolder = new(
        "DIF0502",
        "Folder without the weights",
        "the folder {0} holds {1}; put {2} into it, or give the path of the weights file itself");

    /// <summary>DIF0503: a file is no checkpoint of a known format.</summary>
    public static readonly Rule CheckpointFormat = new(
        "DIF0503",
        "Unknown checkpoint format",
        "the file {0} is no checkpoint: it {1}; allowed are .safetensors, .bin, .pt, .pth and .ckpt files of PyTorch 1.6 or newer, and .index.json");

    /// <summary>DIF0504: a safetensors file contradicts itself or is cut off.</summary>
    public static readonly Rule SafetensorsDamaged = new(
        "DIF0504",
        "Damaged safetensors file",
        "{0} is not a valid safetensors file: {1}; download or export it again");

    /// <summary>DIF0505: a PyTorch file contradicts itself or is cut off.</summary>
    public static readonly Rule TorchFileDamaged = new(
        "DIF0505",
        "Damaged PyTorch file",
        "{0} is not a valid PyTorch checkpoint: {1}; download it again, or save it again with torch.save(model.state_dict(), …)");

    /// <summary>DIF0506: a pickle asks for something that is neither a tensor nor a plain container.</summary>
    public static readonly Rule PickleForbidden = new(
        "DIF0506",
        "Pickle asks for code",
        "{0} asks for {1}, which was not run; only tensors and plain containers are read from a pickle, so save the state dict alone, best as .safetensors");

    /// <summary>DIF0507: a PyTorch file from before version 1.6.</summary>
    public static readonly Rule TorchFileLegacy = new(
        "DIF0507",
        "PyTorch file of the old format",
        "{0} was written by PyTorch 1.5 or older, or without its zip format; load it in PyTorch and save it again, best as .safetensors");

    /// <summary>DIF0508: an index file does not fit its shards.</summary>
    public static readonly Rule ShardIndexInvalid = new(
        "DIF0508",
        "Index does not fit its shards",
        "the index {0} {1}; download the index and all shards of the same checkpoint");

    /// <summary>DIF0509: a checkpoint is asked for a tensor that it lacks.</summary>
    public static readonly Rule TensorMissing = new(
        "DIF0509",
        "Tensor is not in the checkpoint",
        "{0} has no tensor '{1}'; it has {2}");

    /// <summary>DIF0510: a tensor's element type is none of this library's.</summary>
    public static readonly Rule ElementTypeUnsupported = new(
        "DIF0510",
        "Element type not supported",
        "the tensor '{0}' of {1} has elements of type {2}; supported are {3}, so convert it first");

    /// <summary>DIF0511: a checkpoint does not fit a model.</summary>
    public static readonly Rule StateDictMismatch = new(
        "DIF0511",
        "Checkpoint does not fit the model",
        "{0} does not fit {1}: {2}; load the checkpoint of this very model, or rename its tensors, or allow differences with strict: false");

    /// <summary>DIF0512: renaming gives two tensors of a checkpoint the same name.</summary>
    public static readonly Rule RenameCollision = new(
        "DIF0512",
        "Two tensors renamed to one",
        "the renaming makes '{0}' of both '{1}' and '{2}' of {3}; give each its own name, or null to leave one out");

    /// <summary>DIF0513: a weights file cannot be read.</summary>
    public static readonly Rule CheckpointUnreadable = new(
        "DIF0513",
        "Weights cannot be read",
        "the file {0} cannot be read: {1}; make it readable and leave it alone while it is in use");

    /// <summary>DIF0514: a weights file cannot be written.</summary>
    public static readonly Rule CheckpointUnwritable = new(
        "DIF0514",
        "Weights cannot be written",
        "the file {0} cannot be written: {1}; nothing was changed, so choose a place that can be written");

    /// <summary>DIF0515: a tensor is copied into one of another shape.</summary>
    public static readonly Rule TensorShape = new(
        "DIF0515",
        "Tensor has another shape",
        "the tensor '{0}' of {1} has the shape {2}, and was to fill one of shape {3}; give one of the same shape");

    /// <summary>DIF0526: a file holds no Stable Diffusion in the original layout.</summary>
    public static readonly Rule OriginalUnknown = new(
        "DIF0526",
        "No Stable Diffusion in the original layout",
        "{0} is no Stable Diffusion in the original layout: it has no tensor '{1}' or '{2}', but {3}; give a single .safetensors or .ckpt file as CompVis and Stability AI publish them");

    /// <summary>DIF0527: a file in the original layout lacks a part, or a tensor from which the part would be recognised.</summary>
    public static readonly Rule OriginalPartMissing = new(
        "DIF0527",
        "Part is not in the file",
        "{0} has no whole {1}: it lacks '{2}'; load that part from another file");

    /// <summary>DIF0528: a tensor from which a configuration is read has a shape that no model has.</summary>
    public static readonly Rule OriginalShape = new(
        "DIF0528",
        "Shape that no model has",
        "the tensor '{0}' of {1} has the shape {2}, and axis {3} of it was to tell how the {4} is made; give the file as it was published");

    /// <summary>DIF0529: a parameter has no name in the original layout.</summary>
    public static readonly Rule OriginalNameMissing = new(
        "DIF0529",
        "No name in the original layout",
        "the parameter '{0}' of {1} has no name in the original layout of Stable Diffusion; save such a model with SavePretrained");
}
