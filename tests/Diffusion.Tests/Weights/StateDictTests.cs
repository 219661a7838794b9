using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Weights;
using Diffusion.Runtime.Weights.Safetensors;
using TorchSharp;
using static TorchSharp.torch;
using Device = TorchSharp.torch.Device;

namespace Diffusion.Tests.Weights;

public sealed class StateDictTests : IDisposable
{
    private readonly WeightsFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AModuleComesBackFromItsFile(bool assign)
    {
        var saved = Filled();
        StateDict.Save(saved, _folder.PathOf("model.safetensors"));
        using var loaded = new TinyModule();
        var weight = loaded.weight;

        LoadReport report;
        using (var reader = Checkpoint.Open(_folder.Root))
            report = StateDict.Load(loaded, reader, assign: assign);

        Assert.Equal((3, true), (report.Loaded, report.IsComplete));
        Assert.Same(weight, loaded.parameters().First());
        Assert.True(loaded.weight.requires_grad);
        Assert.Equal(saved.weight.data<float>().ToArray(), loaded.weight.data<float>().ToArray());
        Assert.Equal(saved.bias.data<float>().ToArray(), loaded.bias.data<float>().ToArray());
        Assert.Equal(42L, loaded.steps.item<long>());
        loaded.weight.sum().backward(); // still a leaf
        Assert.NotNull(loaded.weight.grad);
    }

    [Fact]
    public void AssignedParametersAreTheMappedFile()
    {
        StateDict.Save(Filled(), _folder.PathOf("model.safetensors"));
        using var loaded = new TinyModule();
        using (var reader = Checkpoint.Open(_folder.Root))
            StateDict.Load(loaded, reader, assign: true);

        if (OperatingSystem.IsLinux())
            Assert.Contains(_folder.Root, File.ReadAllText("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScalarType.Float16, ScalarType.Float32)]
    [InlineData(ScalarType.Float32, ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64, ScalarType.Float32)]
    public void ElementTypesAreConvertedToTheModels(ScalarType file, ScalarType model)
    {
        StateDict.Save(Filled(), _folder.PathOf("model.safetensors"), file);
        using var loaded = new TinyModule(model);
        using var reader = Checkpoint.Open(_folder.Root);

        StateDict.Load(loaded, reader, assign: true);

        Assert.Equal(file, reader.Entries.Single(entry => entry.Name == "weight").Type);
        Assert.Equal(ScalarType.Int64, reader.Entries.Single(entry => entry.Name == "steps").Type);
        Assert.Equal(model, loaded.weight.dtype);
        Assert.Equal([0f, 1, 2, 3, 4, 5], loaded.weight.to(ScalarType.Float32).data<float>().ToArray());
    }

    [Fact]
    public void EveryDifferenceIsNamedInOneErrorAndNothingIsLoaded()
    {
        Write(("weight", ones(2, 3)), ("bias", ones(4)), ("extra", ones(1)));
        using var module = new TinyModule();
        using var reader = Checkpoint.Open(_folder.Root);

        var exception = Assert.Throws<DiffusionException>(() => StateDict.Load(module, reader));

        Assert.Equal("DIF0511", exception.Id);
        Assert.Contains("does not fit Tiny: 1 missing from the file (steps [1]); 1 unknown to the model (extra [1]); 1 different (bias is Float32 [4] in the file, Float32 [3] in the model);", exception.Message, StringComparison.Ordinal);
        Assert.True(module.IsUntouched);
    }

    [Fact]
    public void ManyDifferencesAreCountedAndTheFirstFiveNamed()
    {
        Write([("weight", ones(2, 3)), ("bias", ones(3)), ("steps", ones(1, ScalarType.Int64)), .. Enumerable.Range(0, 9).Select(i => ("x" + i, ones(1)))]);
        using var module = new TinyModule();
        using var reader = Checkpoint.Open(_folder.Root);

        var message = Assert.Throws<DiffusionException>(() => StateDict.Load(module, reader)).Message;

        Assert.Contains("9 unknown to the model (x0 [1], x1 [1], x2 [1], x3 [1], x4 [1], …)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void FloatingPointDoesNotFitWholeNumbers()
    {
        Write(("weight", ones(2, 3)), ("bias", ones(3)), ("steps", ones(1)));
        using var module = new TinyModule();
        using var reader = Checkpoint.Open(_folder.Root);

        Assert.Contains("steps is Float32 [1] in the file, Int64 [1] in the model", Assert.Throws<DiffusionException>(() => StateDict.Load(module, reader)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutStrictWhatFitsIsLoadedAndTheRestReported()
    {
        Write(("weight", ones(2, 3)), ("bias", ones(4)), ("extra", ones(1)));
        using var module = new TinyModule();
        using var reader = Checkpoint.Open(_folder.Root);

        var report = StateDict.Load(module, reader, strict: false);

        Assert.Equal(new LoadReport(1, EquatableArray.Of("steps"), EquatableArray.Of("extra"), EquatableArray.Of("bias")), report);
        Assert.False(report.IsComplete);
        Assert.Equal(6f, module.weight.sum().item<float>());
        Assert.Equal(-3f, module.bias.sum().item<float>());
    }

    [Fact]
    public void NamesAreTranslatedAndTensorsLeftOut()
    {
        Write(("old.weight", ones(2, 3)), ("old.bias", ones(3)), ("old.steps", ones(1, ScalarType.Int64)), ("optimizer", ones(1)));
        using var module = new TinyModule();
        using var reader = Checkpoint.Open(_folder.Root);

        var report = StateDict.Load(module, reader, name => name.StartsWith("old.", StringComparison.Ordinal) ? name["old.".Length..] : null);

        Assert.True(report.IsComplete);
    }

    [Fact]
    public void TwoTensorsRenamedToOneAreAnError()
    {
        Write(("a", ones(1)), ("b", ones(1)));
        using var module = new TinyModule();
        using var reader = Checkpoint.Open(_folder.Root);

        var exception = Assert.Throws<DiffusionException>(() => StateDict.Load(module, reader, _ => "weight"));

        Assert.Equal("DIF0512", exception.Id);
        Assert.Contains("'a' and 'b'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ProgressEndsAtOneAndCancellationStops()
    {
        StateDict.Save(Filled(), _folder.PathOf("model.safetensors"));
        using var module = new TinyModule();
        using var reader = Checkpoint.Open(_folder.Root);
        var shares = new Shares();

        StateDict.Load(module, reader, progress: shares);

        Assert.Equal(3, shares.Seen.Count);
        Assert.Equal(shares.Seen.Order(), shares.Seen);
        Assert.Equal(1, shares.Seen[^1]);
        Assert.Throws<OperationCanceledException>(() => StateDict.Load(module, reader, cancellation: new CancellationToken(canceled: true)));
    }

    [Fact]
    public void AReaderOfAnotherFormatNeedsNoMoreThanTheInterface()
    {
        using var module = new TinyModule();

        StateDict.Load(module, new Elsewhere());

        Assert.Equal(12f, module.weight.sum().item<float>());
        Assert.Throws<DiffusionException>(() => ((ICheckpointReader)new Elsewhere()).CopyTo("weight", ones(7)));
    }

    private TinyModule Filled()
    {
        var module = new TinyModule();
        using var guard = no_grad();
        module.weight.copy_(arange(6).reshape(2, 3));
        module.bias.copy_(arange(3));
        module.steps.fill_(42);
        return module;
    }

    private void Write(params (string Name, Tensor Tensor)[] tensors) =>
        SafetensorsFile.Write(_folder.PathOf("model.safetensors"), tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Tensor));

    private sealed class Shares : IProgress<double>
    {
        public List<double> Seen { get; } = [];

        public void Report(double value) => Seen.Add(value);
    }

    private sealed class Elsewhere : ICheckpointReader
    {
        public string Source => "elsewhere";

        public IReadOnlyList<TensorEntry> Entries { get; } =
        [
            new("bias", ScalarType.Float32, EquatableArray.Of(3L)),
            new("steps", ScalarType.Int64, EquatableArray.Of(1L)),
            new("weight", ScalarType.Float32, EquatableArray.Of(2L, 3L)),
        ];

        public IReadOnlyDictionary<string, string> Metadata { get; } = new Dictionary<string, string>();

        public Tensor Read(string name, ScalarType? type = null, Device? device = null) =>
            full([.. Entries.Single(entry => entry.Name == name).Shape], 2, type ?? ScalarType.Float32, device ?? CPU);

        public void Dispose()
        {
        }
    }
}
