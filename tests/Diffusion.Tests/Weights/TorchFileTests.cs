using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;

namespace Diffusion.Tests.Weights;

public sealed class TorchFileTests
{
    private static readonly byte[] TwelveFloats = [.. Enumerable.Range(0, 12).SelectMany(i => BitConverter.GetBytes((float)i))];

    [Theory]
    [InlineData("unet2d_celebahq_tiny/diffusion_pytorch_model.bin", "unet2d_celebahq_tiny/diffusion_pytorch_model.safetensors")]
    [InlineData("cliptext_sd1_quickgelu/pytorch_model.bin", "cliptext_sd1_quickgelu/model.safetensors")]
    public void AFileOfPyTorchHoldsTheSameTensorsAsItsSafetensors(string torch, string safetensors)
    {
        using var scope = NewDisposeScope();
        using var one = Checkpoint.Open(WeightsFolder.Golden(torch));
        using var other = Checkpoint.Open(WeightsFolder.Golden(safetensors));

        Assert.Equal(other.Entries, one.Entries);
        Assert.NotEmpty(one.Entries);
        Assert.All(one.Entries, entry => Assert.True(one.Read(entry.Name).equal(other.Read(entry.Name)).all().item<bool>(), entry.Name));
    }

    [Fact]
    public void AnOrderedDictWithOldNamesIsRead()
    {
        using var reader = Checkpoint.Open(WeightsFolder.Golden("unet2d_celebahq_tiny_oldkeys/diffusion_pytorch_model.bin"));

        Assert.Contains(reader.Entries, entry => entry.Name.EndsWith(".query.weight", StringComparison.Ordinal));
    }

    [Fact]
    public void StridesOffsetsAndSharedStoragesAreHonoured()
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        using var reader = Checkpoint.Open(folder.Torch(
            PickleText.OfTensors(
                ("whole", "0", 12, 0, [3, 4], [4, 1]),
                ("transposed", "0", 12, 0, [4, 3], [1, 4]),
                ("part", "0", 12, 5, [2, 2], [4, 1]),
                ("expanded", "0", 12, 2, [3, 2], [0, 1]),
                ("scalar", "0", 12, 11, [], []),
                ("nothing", "0", 12, 12, [0, 3], [3, 1])),
            new Dictionary<string, byte[]> { ["data/0"] = TwelveFloats }));

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], Values("whole"));
        Assert.Equal([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], Values("transposed"));
        Assert.Equal([5, 6, 9, 10], Values("part"));
        Assert.Equal([2, 3, 2, 3, 2, 3], Values("expanded"));
        Assert.Equal([11], Values("scalar"));
        Assert.Equal([0L, 3L], reader.Read("nothing").shape);

        var target = zeros(4, 3, dtype: ScalarType.Float64);
        reader.CopyTo("transposed", target);
        Assert.Equal([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], target.data<double>().ToArray());

        float[] Values(string name) => reader.Read(name).contiguous().data<float>().ToArray();
    }

    [Fact]
    public void ANestedStateDictIsEnteredAndScalarsBesideItAreMetadata()
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        var pickle = new PickleText().Op('}', '(')
            .Text("epoch").Number(7)
            .Text("callbacks").Op('}')
            .Text("state_dict").Global("collections", "OrderedDict").Op(')', 'R', '(')
            .Text("w").Global("torch._utils", "_rebuild_parameter").Op('(').Tensor("0", 12, 0, [2], [1]).Op('\x88').Global("collections", "OrderedDict").Op(')', 'R', 't', 'R')
            .Op('u').Op('}', 'b') // the dict's _metadata attribute
            .Op('u').End();
        using var reader = Checkpoint.Open(folder.Torch(pickle, new Dictionary<string, byte[]> { ["data/0"] = TwelveFloats, ["version"] = "3\n"u8.ToArray() }, "last.ckpt"));

        Assert.Equal("w Float32 [2]", Assert.Single(reader.Entries).ToString());
        Assert.Equal([0f, 1f], reader.Read("w").data<float>().ToArray());
        Assert.Equal("7", Assert.Single(reader.Metadata).Value);
    }

    [Theory]
    [InlineData("HalfStorage", ScalarType.Float16, 2)]
    [InlineData("BFloat16Storage", ScalarType.BFloat16, 2)]
    [InlineData("DoubleStorage", ScalarType.Float64, 8)]
    [InlineData("LongStorage", ScalarType.Int64, 8)]
    [InlineData("IntStorage", ScalarType.Int32, 4)]
    [InlineData("ShortStorage", ScalarType.Int16, 2)]
    [InlineData("CharStorage", ScalarType.Int8, 1)]
    [InlineData("ByteStorage", ScalarType.Byte, 1)]
    [InlineData("BoolStorage", ScalarType.Bool, 1)]
    public void EveryStorageClassIsRead(string storage, ScalarType type, int size)
    {
        using var folder = new WeightsFolder();
        using var scope = NewDisposeScope();
        var pickle = new PickleText().Op('}').Text("a").Tensor("0", 3, 1, [2], [1], storage).Op('s').End();
        using var reader = Checkpoint.Open(folder.Torch(pickle, new Dictionary<string, byte[]> { ["data/0"] = new byte[3 * size] }));

        Assert.Equal(new TensorEntry("a", type, Dsl.EquatableArray.Of(2L)), Assert.Single(reader.Entries));
        Assert.Equal([0f, 0f], reader.Read("a", ScalarType.Float32).data<float>().ToArray());
    }

    [Fact]
    public void NumbersOfEveryWidthAreRead()
    {
        using var folder = new WeightsFolder();
        var pickle = new PickleText().Op('}', '(')
            .Text("minus").Raw(0x8a, 2, 0x00, 0xff)
            .Text("zero").Raw(0x8a, 0)
            .Text("long").Raw(0x8a, 8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)
            .Text("half").Raw((byte)'G', 0x3f, 0xe0, 0, 0, 0, 0, 0, 0)
            .Text("w").Tensor("0", 12, 0, [2], [1]).Op('u').End();
        using var reader = Checkpoint.Open(folder.Torch(pickle, new Dictionary<string, byte[]> { ["data/0"] = TwelveFloats }));

        Assert.Equal(("-256", "0", "9223372036854775807", "0.5"), (reader.Metadata["minus"], reader.Metadata["zero"], reader.Metadata["long"], reader.Metadata["half"]));
    }
}
