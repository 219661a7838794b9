using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Safetensors;
using static TorchSharp.torch;

namespace Diffusion.Tests.Weights;

public sealed class SafetensorsTests
{
    [Theory]
    [InlineData("unet2d_celebahq_tiny/diffusion_pytorch_model.safetensors")]
    [InlineData("cliptext_sd1_quickgelu/model.safetensors")]
    public void AFileOfTheReferenceImplementationIsWrittenAgainByteForByte(string golden)
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        using var reader = Checkpoint.Open(WeightsFolder.Golden(golden));
        var copy = folder.PathOf("copy.safetensors");

        SafetensorsFile.Write(copy, reader.Entries.ToDictionary(entry => entry.Name, entry => reader.Read(entry.Name)), metadata: reader.Metadata);

        Assert.Equal("pt", reader.Metadata["format"]);
        Assert.True(File.ReadAllBytes(WeightsFolder.Golden(golden)).AsSpan().SequenceEqual(File.ReadAllBytes(copy)));
    }

    public static TheoryData<ScalarType> Types => [ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64, ScalarType.Int8, ScalarType.Byte, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Bool];

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryTypeAndShapeComesBack(ScalarType type)
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        var path = folder.PathOf("all.safetensors");
        var written = new Dictionary<string, Tensor>
        {
            ["matrix"] = arange(6).to(type).reshape(2, 3),
            ["odd"] = arange(7).to(ScalarType.Byte), // what follows in the file starts at an odd byte
            ["scalar"] = tensor(1).to(type),
            ["empty"] = empty([0, 4], type),
            ["transposed"] = arange(6).to(type).reshape(2, 3).t(),
            ["größe \"\\\n"] = ones(3).to(type),
        };

        SafetensorsFile.Write(path, written);

        using var reader = Checkpoint.Open(path);
        Assert.Equal(written.Keys.Order(StringComparer.Ordinal), reader.Entries.Select(entry => entry.Name));
        foreach (var (name, tensor) in written)
        {
            var read = reader.Read(name);
            Assert.Equal(tensor.dtype, read.dtype);
            Assert.Equal(tensor.shape, read.shape);
            Assert.True(read.equal(tensor).all().item<bool>(), name);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryTypeIsConvertedWhileReading(ScalarType type)
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        var path = folder.PathOf("a.safetensors");
        var original = arange(10).to(type);
        SafetensorsFile.Write(path, new Dictionary<string, Tensor> { ["a"] = original });

        using var reader = Checkpoint.Open(path);
        var read = reader.Read("a", ScalarType.Float64);

        Assert.Equal(original.to(ScalarType.Float64).data<double>().ToArray(), read.data<double>().ToArray());
    }

    [Fact]
    public void ATensorLargerThanAChunkIsConvertedWhole()
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        var path = folder.PathOf("a.safetensors");
        var original = arange(5_000_001, ScalarType.Int32); // 20 MB: two chunks and a part
        SafetensorsFile.Write(path, new Dictionary<string, Tensor> { ["a"] = original });
        using var reader = Checkpoint.Open(path);

        Assert.True(reader.Read("a", ScalarType.Int64).equal(original.to(ScalarType.Int64)).all().item<bool>());
        var same = empty(5_000_001, ScalarType.Int32);
        reader.CopyTo("a", same);
        Assert.True(same.equal(original).all().item<bool>());
        var scattered = zeros(5_000_001, 2, dtype: ScalarType.Int32).select(1, 0);
        reader.CopyTo("a", scattered);
        Assert.True(scattered.equal(original).all().item<bool>());
    }

    [Fact]
    public void BoolsAreNormalisedBecauseAFileMayHoldAnything()
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        using var reader = Checkpoint.Open(folder.Safetensors("""{"a":{"dtype":"BOOL","shape":[4],"data_offsets":[0,4]}}""", 4));

        Assert.Equal([0, 1, 1, 1], reader.Read("a").to(ScalarType.Byte).data<byte>().ToArray());
    }

    [Fact]
    public void MembersThatALaterFormatAddsAreSkipped()
    {
        using var folder = new WeightsFolder();
        using var reader = Checkpoint.Open(folder.Safetensors("""{"a":{"dtype":"U8","scale":{"x":[1]},"shape":[4],"data_offsets":[0,4]}}   """, 4));

        Assert.Equal("a Byte [4]", Assert.Single(reader.Entries).ToString());
    }

    [Fact]
    public void WritingIsDeterministicOrderedAndAligned()
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["b"] = ones(3), ["a"] = ones(1, ScalarType.Byte), ["c"] = ones(1, ScalarType.Int64), ["a2"] = ones(1) };

        SafetensorsFile.Write(folder.PathOf("1.safetensors"), tensors);
        SafetensorsFile.Write(folder.PathOf("2.safetensors"), tensors.Reverse().ToDictionary());

        var bytes = File.ReadAllBytes(folder.PathOf("1.safetensors"));
        Assert.Equal(bytes, File.ReadAllBytes(folder.PathOf("2.safetensors")));
        Assert.Equal(0, BitConverter.ToInt32(bytes) % 8);
        var header = System.Text.Encoding.UTF8.GetString(bytes, 8, BitConverter.ToInt32(bytes));
        Assert.StartsWith("""{"__metadata__":{"format":"pt"},"c":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"a2":{""", header, StringComparison.Ordinal);
    }

    [Fact]
    public void AFileThatCannotBeWrittenIsOneErrorAndLeavesNothingBehind()
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        var target = Directory.CreateDirectory(folder.PathOf("taken.safetensors")).FullName;
        File.WriteAllText(Path.Combine(target, "inside"), "");

        var exception = Assert.Throws<DiffusionException>(() => SafetensorsFile.Write(target, new Dictionary<string, Tensor> { ["a"] = ones(1) }));

        Assert.Equal("DIF0514", exception.Id);
        Assert.Equal([target], Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void ATypeThatTheFormatLacksIsOneError()
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();

        var exception = Assert.Throws<DiffusionException>(() => SafetensorsFile.Write(folder.PathOf("a.safetensors"), new Dictionary<string, Tensor> { ["z"] = zeros(1, ScalarType.ComplexFloat32) }));

        Assert.Equal("DIF0510", exception.Id);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }
}
