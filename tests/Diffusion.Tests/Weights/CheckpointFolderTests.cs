using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Safetensors;
using static TorchSharp.torch;

namespace Diffusion.Tests.Weights;

public sealed class CheckpointFolderTests : IDisposable
{
    private readonly WeightsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.safetensors diffusion_pytorch_model.bin diffusion_pytorch_model.fp16.safetensors", null)]
    [InlineData("model.safetensors", "pytorch_model.bin model.safetensors config.json", null)]
    [InlineData("pytorch_model.bin", "pytorch_model.bin tokenizer.json", null)]
    [InlineData("diffusion_pytorch_model.bin", "diffusion_pytorch_model.bin", null)]
    [InlineData("diffusion_pytorch_model.fp16.safetensors", "diffusion_pytorch_model.fp16.safetensors diffusion_pytorch_model.fp16.bin", null)]
    [InlineData("diffusion_pytorch_model.non_ema.safetensors", "diffusion_pytorch_model.non_ema.safetensors diffusion_pytorch_model.safetensors", "non_ema")]
    [InlineData("model.safetensors.index.json", "model.safetensors.index.json model-00001-of-00002.safetensors", null)]
    [InlineData("model.safetensors.index.fp16.json", "model.safetensors.index.fp16.json model.fp16-00001-of-00002.safetensors", null)]
    [InlineData("diffusion_pytorch_model.fp16.safetensors.index.json", "diffusion_pytorch_model.fp16.safetensors.index.json", "fp16")]
    public void TheBestFileOfAFolderIsChosen(string best, string files, string? variant)
    {
        foreach (var file in files.Split(' '))
            _folder.Write(file, []);

        Assert.Equal(_folder.PathOf(best), CheckpointFolder.Find(_folder.Root, variant));
    }

    [Fact]
    public void TheFilesOfAFolderAreItsFileOrTheShardsOfItsIndex()
    {
        var file = _folder.Write("pytorch_model.bin", []);
        Assert.Equal([file], CheckpointFolder.Files(_folder.Root));
        _folder.Write("model.safetensors.index.json", """{"weight_map": {"b": "model-2.safetensors", "a": "model-1.safetensors", "c": "model-2.safetensors"}}""");
        Assert.Equal([_folder.PathOf("model-1.safetensors"), _folder.PathOf("model-2.safetensors")], CheckpointFolder.Files(_folder.Root));
    }

    [Theory]
    [InlineData("model.fp16.safetensors model.int8.safetensors", null, "only the variants fp16, int8")]
    [InlineData("model.safetensors", "fp16", "diffusion_pytorch_model.fp16.safetensors")]
    [InlineData("config.json notes.txt", null, "2 files (config.json, notes.txt)")]
    [InlineData("", null, "no files")]
    public void AFolderWithoutAClearChoiceIsOneSentence(string files, string? variant, string says)
    {
        foreach (var file in files.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            _folder.Write(file, []);

        var exception = Assert.Throws<DiffusionException>(() => Checkpoint.Open(_folder.Root, variant));

        Assert.Equal("DIF0502", exception.Id);
        Assert.Contains(says, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ShardsReadLikeOneFile()
    {
        using var scope = NewDisposeScope();
        SafetensorsFile.Write(_folder.PathOf("model-1.safetensors"), new Dictionary<string, Tensor> { ["b"] = ones(2), ["c"] = ones(3) });
        SafetensorsFile.Write(_folder.PathOf("model-2.safetensors"), new Dictionary<string, Tensor> { ["a"] = zeros(4) });
        _folder.Write("model.safetensors.index.json", """{"metadata":{"total_size":36},"weight_map":{"a":"model-2.safetensors","b":"model-1.safetensors","c":"model-1.safetensors"}}""");

        using var reader = Checkpoint.Open(_folder.Root);

        Assert.Equal(["a", "b", "c"], reader.Entries.Select(entry => entry.Name));
        Assert.Equal("pt", reader.Metadata["format"]);
        Assert.Equal(3f, reader.Read("c").sum().item<float>());
        var target = ones(4);
        reader.CopyTo("a", target);
        Assert.Equal(0f, target.sum().item<float>());
        Assert.Equal("DIF0509", Assert.Throws<DiffusionException>(() => reader.Read("d")).Id);
    }

    [Fact]
    public void ATensorThatIsNotThereIsOneSentence()
    {
        using var reader = Checkpoint.Open(_folder.Safetensors("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}""", 4));

        Assert.Contains("has no tensor 'b'; it has 1 tensors (a)", Assert.Throws<DiffusionException>(() => reader.Read("b")).Message, StringComparison.Ordinal);
        using var three = zeros(3);
        Assert.Equal("DIF0515", Assert.Throws<DiffusionException>(() => reader.CopyTo("a", three)).Id);
    }
}
