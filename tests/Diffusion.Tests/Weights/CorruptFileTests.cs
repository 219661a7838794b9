using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Diffusion.Dsl;
using Diffusion.Runtime.Weights;
using static TorchSharp.torch;

namespace Diffusion.Tests.Weights;

/// <summary>Every damaged file is one sentence of the catalogue, and leaves a model as it was.</summary>
public sealed class CorruptFileTests : IDisposable
{
    private const string Good =
        """{"bias":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"steps":{"dtype":"I64","shape":[1],"data_offsets":[12,20]},"weight":{"dtype":"F32","shape":[2,3],"data_offsets":[20,44]}}""";

    private static readonly Dictionary<string, byte[]> GoodRecords = new() { ["data/0"] = new byte[24], ["data/1"] = new byte[12], ["data/2"] = new byte[8] };

    private static readonly Dictionary<string, (string Id, Func<WeightsFolder, string> Make)> Cases = new()
    {
        ["safetensors: empty"] = ("DIF0504", folder => folder.Write("a.safetensors", [])),
        ["safetensors: shorter than its length field"] = ("DIF0504", folder => folder.Write("a.safetensors", [1, 0, 0])),
        ["safetensors: nothing but the length field"] = ("DIF0504", folder => folder.Write("a.safetensors", BitConverter.GetBytes(10L))),
        ["safetensors: cut in the header"] = ("DIF0504", folder => folder.Write("a.safetensors", WeightsFolder.SafetensorsBytes(Good, 44)[..60])),
        ["safetensors: cut in the data"] = ("DIF0504", folder => folder.Write("a.safetensors", WeightsFolder.SafetensorsBytes(Good, 44)[..^1])),
        ["safetensors: without data"] = ("DIF0504", folder => folder.Safetensors(Good, 0)),
        ["safetensors: a byte too many"] = ("DIF0504", folder => folder.Safetensors(Good, 45)),
        ["safetensors: header length zero"] = ("DIF0504", folder => folder.Write("a.safetensors", new byte[8])),
        ["safetensors: header length one too small"] = ("DIF0504", folder => WithLength(folder, Encoding.UTF8.GetByteCount(Good) - 1)),
        ["safetensors: header length one too large"] = ("DIF0504", folder => WithLength(folder, Encoding.UTF8.GetByteCount(Good) + 1)),
        ["safetensors: header of 200 MB"] = ("DIF0504", folder => WithLength(folder, 200_000_000)),
        ["safetensors: header of 2^63 bytes"] = ("DIF0504", folder => WithLength(folder, long.MinValue)),
        ["safetensors: header of -1 bytes"] = ("DIF0504", folder => WithLength(folder, -1)),
        ["safetensors: header is an array"] = ("DIF0504", folder => folder.Safetensors("[1,2,3]", 0)),
        ["safetensors: header starts with a space"] = ("DIF0504", folder => folder.Safetensors(" " + Good, 44)),
        ["safetensors: header is not JSON"] = ("DIF0504", folder => folder.Safetensors("{\"bias\":}", 0)),
        ["safetensors: header has a second value"] = ("DIF0504", folder => folder.Safetensors("{}{}", 0)),
        ["safetensors: header with a comment"] = ("DIF0504", folder => folder.Safetensors("{/* */}", 0)),
        ["safetensors: header nested too deep"] = ("DIF0504", folder => folder.Safetensors("{\"a\":{\"b\":" + new string('[', 5000) + new string(']', 5000) + "}}", 0)),
        ["safetensors: header is not UTF-8"] = ("DIF0504", folder => folder.Write("a.safetensors", [3, 0, 0, 0, 0, 0, 0, 0, (byte)'{', 0xff, (byte)'}'])),
        ["safetensors: name with half a surrogate"] = ("DIF0504", folder => folder.Safetensors("""{"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1)),
        ["safetensors: name occurs twice"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2)),
        ["safetensors: member occurs twice"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[9],"shape":[1],"data_offsets":[0,1]}}""", 1)),
        ["safetensors: entry is a number"] = ("DIF0504", folder => folder.Safetensors("""{"a":1}""", 0)),
        ["safetensors: dtype missing"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"shape":[1],"data_offsets":[0,1]}}""", 1)),
        ["safetensors: dtype is a number"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":8,"shape":[1],"data_offsets":[0,1]}}""", 1)),
        ["safetensors: dtype unknown"] = ("DIF0510", folder => folder.Safetensors("""{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}""", 1)),
        ["safetensors: dtype of another size"] = ("DIF0504", folder => folder.Safetensors(Good.Replace("F32", "F16", StringComparison.Ordinal), 44)),
        ["safetensors: shape is negative"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}""", 1)),
        ["safetensors: shape is a fraction"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}""", 1)),
        ["safetensors: shape overflows to the right size"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0]}}""", 0)),
        ["safetensors: shape overflows beside a zero"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[0,4611686018427387904,4611686018427387904],"data_offsets":[0,0]}}""", 0)),
        ["safetensors: shape times type overflows"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}""", 0)),
        ["safetensors: 100 axes"] = ("DIF0504", folder => folder.Safetensors($$$"""{"a":{"dtype":"U8","shape":[{{{string.Join(',', Enumerable.Repeat(1, 100))}}}],"data_offsets":[0,1]}}""", 1)),
        ["safetensors: offsets overlap"] = ("DIF0504", folder => folder.Safetensors(Good.Replace("[12,20]", "[8,16]", StringComparison.Ordinal), 44)),
        ["safetensors: offsets leave a hole"] = ("DIF0504", folder => folder.Safetensors(Good.Replace("[20,44]", "[24,48]", StringComparison.Ordinal), 48)),
        ["safetensors: offsets start late"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2)),
        ["safetensors: offsets out of range"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}""", 8)),
        ["safetensors: offsets negative"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[-1,0]}}""", 1)),
        ["safetensors: offsets reversed"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}""", 1)),
        ["safetensors: offsets beyond 2^63"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[18446744073709551615,0]}}""", 1)),
        ["safetensors: three offsets"] = ("DIF0504", folder => folder.Safetensors("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}""", 1)),
        ["safetensors: metadata is a string"] = ("DIF0504", folder => folder.Safetensors("""{"__metadata__":"pt"}""", 0)),
        ["safetensors: metadata value is a number"] = ("DIF0504", folder => folder.Safetensors("""{"__metadata__":{"step":1}}""", 0)),
        ["safetensors: metadata key occurs twice"] = ("DIF0504", folder => folder.Safetensors("""{"__metadata__":{"a":"1","a":"2"}}""", 0)),

        ["torch: empty"] = ("DIF0503", folder => folder.Write("a.bin", [])),
        ["torch: not a zip"] = ("DIF0503", folder => folder.Write("a.bin", "<!DOCTYPE html><html>login required</html>")),
        ["torch: written by PyTorch 1.5"] = ("DIF0507", folder => folder.Write("a.pt", [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'])),
        ["torch: a bare pickle"] = ("DIF0507", folder => folder.Write("a.pth", new PickleText().Op('}').End())),
        ["torch: cut after four bytes"] = ("DIF0505", folder => Cut(folder, _ => 4)),
        ["torch: cut in the middle"] = ("DIF0505", folder => Cut(folder, length => length / 2)),
        ["torch: cut before its last byte"] = ("DIF0505", folder => Cut(folder, length => length - 1)),
        ["torch: cut in the directory"] = ("DIF0505", folder => Cut(folder, length => length - 30)),
        ["torch: without a pickle"] = ("DIF0505", folder => folder.Zip("a.bin", [new("archive/data/0", new byte[4])])),
        ["torch: two pickles"] = ("DIF0505", folder => folder.Zip("a.bin", [new("a/data.pkl", GoodPickle), new("b/data.pkl", GoodPickle)])),
        ["torch: two records of one name"] = ("DIF0505", folder => folder.Zip("a.bin", [new("a/data.pkl", GoodPickle), new("a/data.pkl", GoodPickle)])),
        ["torch: record leads out of the archive"] = ("DIF0505", folder => folder.Zip("a.bin", [new("a/data.pkl", GoodPickle), new("a/../../evil", [])])),
        ["torch: record of an absolute name"] = ("DIF0505", folder => folder.Zip("a.bin", [new("a/data.pkl", GoodPickle), new("/etc/passwd", [])])),
        ["torch: record of a Windows name"] = ("DIF0505", folder => folder.Zip("a.bin", [new("a/data.pkl", GoodPickle), new("C:\\evil", [])])),
        ["torch: compressed"] = ("DIF0505", folder => folder.Torch(GoodPickle, new Dictionary<string, byte[]> { ["data/0"] = new byte[1 << 20] }, compressed: true)),
        ["torch: of the other byte order"] = ("DIF0505", folder => folder.Torch(GoodPickle, new Dictionary<string, byte[]>(GoodRecords) { ["byteorder"] = "big"u8.ToArray() })),
        ["torch: record missing"] = ("DIF0505", folder => folder.Torch(GoodPickle, GoodRecords.Where(record => record.Key != "data/1").ToDictionary())),
        ["torch: record too small"] = ("DIF0505", folder => folder.Torch(GoodPickle, new Dictionary<string, byte[]>(GoodRecords) { ["data/1"] = new byte[11] })),
        ["torch: tensor beyond its storage"] = ("DIF0505", folder => OneTensor(folder, count: 6, offset: 1, [2, 3], [3, 1])),
        ["torch: offset beyond its storage"] = ("DIF0505", folder => OneTensor(folder, count: 6, offset: 7, [0], [1])),
        ["torch: offset negative"] = ("DIF0505", folder => OneTensor(folder, count: 6, offset: -1, [1], [1])),
        ["torch: size negative"] = ("DIF0505", folder => OneTensor(folder, count: 6, offset: 0, [-1], [1])),
        ["torch: stride negative"] = ("DIF0505", folder => OneTensor(folder, count: 6, offset: 5, [6], [-1])),
        ["torch: strides overflow"] = ("DIF0505", folder => OneTensor(folder, count: 6, offset: 0, [int.MaxValue, int.MaxValue], [int.MaxValue, int.MaxValue])),
        ["torch: size overflows"] = ("DIF0505", folder => OneTensor(folder, count: 6, offset: 0, [int.MaxValue, int.MaxValue, int.MaxValue], [0, 0, 0])),
        ["torch: size repeats one element into gigabytes"] = ("DIF0505", folder => OneTensor(folder, count: 6, offset: 0, [int.MaxValue], [0])),
        ["torch: strides of another rank"] = ("DIF0505", folder => OneTensor(folder, count: 6, offset: 0, [2, 3], [1])),
        ["torch: storage of negative count"] = ("DIF0505", folder => OneTensor(folder, count: -6, offset: 0, [1], [1])),
        ["torch: storage key leads elsewhere"] = ("DIF0505", folder => folder.Torch(PickleText.OfTensors(("w", "../data.pkl", 1, 0, [1], [1])), GoodRecords)),
        ["torch: storage class unknown"] = ("DIF0510", folder => Pickle(folder, new PickleText().Op('}').Text("w").Tensor("0", 1, 0, [1], [1], "QInt8Storage").Op('s'))),
        ["torch: name occurs twice"] = ("DIF0505", folder => folder.Torch(PickleText.OfTensors(("w", "0", 1, 0, [1], [1]), ("w", "0", 1, 0, [1], [1])), GoodRecords)),
        ["torch: tensor without a name"] = ("DIF0505", folder => Pickle(folder, new PickleText().Op('}').Number(1).Tensor("0", 1, 0, [1], [1]).Op('s'))),
        ["torch: holds a list"] = ("DIF0505", folder => Pickle(folder, new PickleText().Op(']'))),
        ["torch: holds no tensors"] = ("DIF0505", folder => Pickle(folder, new PickleText().Op('}').Text("epoch").Number(1).Op('s'))),

        ["pickle: os.system"] = ("DIF0506", folder => Call(folder, "os", "system")),
        ["pickle: posix.system"] = ("DIF0506", folder => Call(folder, "posix", "system")),
        ["pickle: builtins.eval"] = ("DIF0506", folder => Call(folder, "builtins", "eval")),
        ["pickle: builtins.getattr"] = ("DIF0506", folder => Call(folder, "builtins", "getattr")),
        ["pickle: numpy.core.multiarray.scalar"] = ("DIF0506", folder => Call(folder, "numpy.core.multiarray", "scalar")),
        ["pickle: torch.load"] = ("DIF0506", folder => Call(folder, "torch", "load")),
        ["pickle: torch._utils._rebuild_tensor_v3"] = ("DIF0506", folder => Call(folder, "torch._utils", "_rebuild_tensor_v3")),
        ["pickle: omegaconf.dictconfig.DictConfig"] = ("DIF0506", folder => Call(folder, "omegaconf.dictconfig", "DictConfig")),
        ["pickle: __torch__.Model"] = ("DIF0506", folder => Call(folder, "__torch__", "Model")),
        ["pickle: os.system by STACK_GLOBAL"] = ("DIF0506", folder => Pickle(folder, new PickleText().Text("os").Text("system").Op('\x93'))),
        ["pickle: os.system by INST"] = ("DIF0506", folder => Pickle(folder, new PickleText().Op('(', 'i').Raw("os\nsystem\n"u8.ToArray()))),
        ["pickle: os.system beside the tensors"] = ("DIF0506", folder => Beside(folder, new PickleText().Global("os", "system").Text("touch " + folder.PathOf("hacked")).Op('\x85', 'R'))),
        ["pickle: builtins.eval beside the tensors"] = ("DIF0506", folder => Beside(folder, new PickleText().Global("__builtin__", "eval").Text("1").Op('\x85', 'R'))),
        ["pickle: subprocess.Popen beside the tensors"] = ("DIF0506", folder => Beside(folder, new PickleText().Global("subprocess", "Popen").Op(')', '\x81'))),
        ["pickle: tensor by an unknown function"] = ("DIF0506", folder => Pickle(folder, new PickleText().Op('}').Text("w").Global("torch._utils", "_rebuild_qtensor").Op(')', 'R', 's'))),
        ["pickle: state dict of an unknown class"] = ("DIF0506", folder => Pickle(folder, new PickleText().Op('}').Text("state_dict").Global("some", "Dict").Op(')', '\x81', 's'))),
        ["pickle: unknown storage"] = ("DIF0505", folder => Pickle(folder, new PickleText().Global("torch._utils", "_rebuild_tensor_v2").Global("some", "Storage").Op('\x85', 'R'))),
        ["pickle: class by NEWOBJ"] = ("DIF0506", folder => Pickle(folder, new PickleText().Global("collections", "OrderedDict").Op(')', '\x81'))),
        ["pickle: extension"] = ("DIF0506", folder => Pickle(folder, new PickleText().Op('\x82').Raw(1))),
        ["pickle: attributes of a tensor"] = ("DIF0506", folder => Pickle(folder, new PickleText().Tensor("0", 1, 0, [1], [1]).Op('}', 'b'))),
        ["pickle: empty"] = ("DIF0505", folder => folder.Torch([], GoodRecords)),
        ["pickle: of protocol 0"] = ("DIF0505", folder => folder.Torch("(dp0\n."u8.ToArray(), GoodRecords)),
        ["pickle: without an end"] = ("DIF0505", folder => folder.Torch(GoodPickle[..^1], GoodRecords)),
        ["pickle: cut in a text"] = ("DIF0505", folder => folder.Torch(GoodPickle[..10], GoodRecords)),
        ["pickle: ends with nothing"] = ("DIF0505", folder => Pickle(folder, new PickleText())),
        ["pickle: ends with two values"] = ("DIF0505", folder => Pickle(folder, new PickleText().Op('N', 'N'))),
        ["pickle: takes what is not there"] = ("DIF0505", folder => Pickle(folder, new PickleText().Op('R'))),
        ["pickle: takes a mark"] = ("DIF0505", folder => Pickle(folder, new PickleText().Op('}', '(', 's'))),
        ["pickle: closes nothing"] = ("DIF0505", folder => Pickle(folder, new PickleText().Op('t'))),
        ["pickle: refers to what was not stored"] = ("DIF0505", folder => Pickle(folder, new PickleText().Op('h').Raw(9))),
        ["pickle: opcode unknown"] = ("DIF0505", folder => Pickle(folder, new PickleText().Raw(0xff))),
        ["pickle: number of 2040 bits"] = ("DIF0505", folder => Pickle(folder, new PickleText().Raw(0x8a, 255).Raw(new byte[255]))),
        ["pickle: text of 4 GB"] = ("DIF0505", folder => Pickle(folder, new PickleText().Op('X').Raw(255, 255, 255, 255))),
        ["pickle: text of 2^63 bytes"] = ("DIF0505", folder => Pickle(folder, new PickleText().Raw(0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80))),
        ["pickle: text not UTF-8"] = ("DIF0505", folder => Pickle(folder, new PickleText().Raw(0x8c, 1, 0xff))),
        ["pickle: calls a dict"] = ("DIF0505", folder => Pickle(folder, new PickleText().Op('}', ')', 'R'))),
        ["pickle: calls a storage class"] = ("DIF0505", folder => Pickle(folder, new PickleText().Global("torch", "FloatStorage").Op(')', 'R'))),
        ["pickle: tensor of no storage"] = ("DIF0505", folder => Pickle(folder, new PickleText().Global("torch._utils", "_rebuild_tensor_v2").Op('N', '\x85', 'R'))),
        ["pickle: persistent value is no storage"] = ("DIF0505", folder => Pickle(folder, new PickleText().Text("module").Op('Q'))),
        ["pickle: a dict that holds itself"] = ("DIF0505", folder => Pickle(folder, new PickleText().Op('}', 'q').Raw(0).Text("state_dict").Op('h').Raw(0).Op('s'))),

        ["path: nothing there"] = ("DIF0501", folder => folder.PathOf("missing.safetensors")),
        ["path: folder without weights"] = ("DIF0502", folder => folder.Root),
        ["path: unknown format"] = ("DIF0503", folder => folder.Write("model.onnx", "something")),
        ["index: names a missing shard"] = ("DIF0508", folder => Index(folder, """{"weight_map":{"bias":"model-2.safetensors"}}""")),
        ["index: without a map"] = ("DIF0508", folder => Index(folder, """{"metadata":{}}""")),
        ["index: map is an array"] = ("DIF0508", folder => Index(folder, """{"weight_map":[]}""")),
        ["index: map is empty"] = ("DIF0508", folder => Index(folder, """{"weight_map":{}}""")),
        ["index: shard is a number"] = ("DIF0508", folder => Index(folder, """{"weight_map":{"bias":1}}""")),
        ["index: shard lies in another folder"] = ("DIF0508", folder => Index(folder, """{"weight_map":{"bias":"../model-1.safetensors"}}""")),
        ["index: shard is the index"] = ("DIF0508", folder => Index(folder, """{"weight_map":{"bias":"model.safetensors.index.json"}}""")),
        ["index: names a tensor that the shard lacks"] = ("DIF0508", folder => Index(folder, """{"weight_map":{"other":"model-1.safetensors"}}""")),
        ["index: is not JSON"] = ("DIF0580", folder => Index(folder, "{")),
        ["index: shard is damaged"] = ("DIF0504", folder => Index(folder, """{"weight_map":{"bias":"model-1.safetensors","x":"model-3.safetensors"}}""")),
    };

    private readonly WeightsFolder _folder = new();

    public static TheoryData<string> Names => [.. Cases.Keys];

    private static byte[] GoodPickle => PickleText.OfTensors(("weight", "0", 6, 0, [2, 3], [3, 1]), ("bias", "1", 3, 0, [3], [1]), ("steps", "2", 2, 0, [1], [1]));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void ADamagedFileIsOneSentenceAndLoadsNothing(string name)
    {
        var (id, make) = Cases[name];
        var path = make(_folder);
        using var module = new TinyModule();

        var exception = Assert.Throws<DiffusionException>(() =>
        {
            using var reader = Checkpoint.Open(path);
            StateDict.Load(module, reader);
        });

        Assert.Equal(id, exception.Id);
        Assert.Single(exception.Findings);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.True(module.IsUntouched);
    }

    [Fact]
    public void WhatAPickleAsksForIsNamed()
    {
        var exception = Assert.Throws<DiffusionException>(() => Checkpoint.Open(Call(_folder, "posix", "system")));

        Assert.Contains("asks for posix.system, which was not run", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.PathOf("hacked")));
    }

    [Fact]
    public void TheFilesThatTheDamageIsDoneToAreGood()
    {
        using var safetensors = Checkpoint.Open(_folder.Safetensors(Good, 44));
        using var torch = Checkpoint.Open(_folder.Torch(GoodPickle, GoodRecords));

        Assert.Equal(3, safetensors.Entries.Count);
        Assert.Equal(3, torch.Entries.Count);
    }

    // Deterministic noise: what no list of cases thinks of.
    [Theory]
    [InlineData("a.safetensors")]
    [InlineData("a.bin")]
    public void RandomDamageIsASentenceOrHarmless(string name)
    {
        var good = File.ReadAllBytes(name == "a.bin" ? _folder.Torch(GoodPickle, GoodRecords) : _folder.Safetensors(Good, 44));
        var random = new Random(7);
        var refused = 0;
        for (var i = 0; i < 600; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var j = random.Next(1, 4); j > 0; j--)
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)(bytes[random.Next(bytes.Length)] ^ (1 << random.Next(8)));
            var path = _folder.Write(name, random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
            try
            {
                using var scope = NewDisposeScope();
                using var reader = Checkpoint.Open(path);
                foreach (var entry in reader.Entries)
                    reader.Read(entry.Name).contiguous();
            }
            catch (DiffusionException exception)
            {
                Assert.Single(exception.Findings);
                refused++;
            }
        }

        Assert.InRange(refused, 100, 600);
    }

    private static string WithLength(WeightsFolder folder, long length)
    {
        var bytes = WeightsFolder.SafetensorsBytes(Good, 44);
        BitConverter.TryWriteBytes(bytes, length);
        return folder.Write("a.safetensors", bytes);
    }

    private static string Cut(WeightsFolder folder, Func<int, int> length)
    {
        var bytes = File.ReadAllBytes(folder.Torch(GoodPickle, GoodRecords));
        return folder.Write("cut.bin", bytes[..length(bytes.Length)]);
    }

    private static string OneTensor(WeightsFolder folder, int count, int offset, int[] shape, int[] strides) =>
        folder.Torch(PickleText.OfTensors(("weight", "0", count, offset, shape, strides)), GoodRecords);

    private static string Pickle(WeightsFolder folder, PickleText pickle) => folder.Torch(pickle.End(), GoodRecords);

    // Read is the dict of tensors that stands before it.
    private static string Beside(WeightsFolder folder, PickleText value) => Pickle(
        folder,
        new PickleText().Op('}', '(').Text("state_dict").Op('}').Text("w").Tensor("0", 6, 0, [6], [1]).Op('s').Text("callbacks").Raw(value.Body()).Op('u'));

    private static string Call(WeightsFolder folder, string module, string name) =>
        Pickle(folder, new PickleText().Global(module, name).Text("touch " + folder.PathOf("hacked")).Op('\x85', 'R'));

    private static string Index(WeightsFolder folder, string json)
    {
        folder.Safetensors(Good, 44, "model-1.safetensors");
        folder.Safetensors(Good, 43, "model-3.safetensors");
        return folder.Write("model.safetensors.index.json", json);
    }
}
