using System;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.Onnx;

/// <summary>A U-Net in ONNX Runtime, on as many threads as torch has: inputs sample, timestep and for texts encoder_hidden_states, as diffusers' exporters name them.</summary>
internal sealed class OnnxUNet : IDisposable
{
    private readonly InferenceSession _session;

    /// <param name="path">The .onnx file, float32.</param>
    public OnnxUNet(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = get_num_threads(), GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };

        // Its threads spin while it works, and not while torch does.
        options.AddSessionConfigEntry("session.force_spinning_stop", "1");
        _session = new InferenceSession(path, options);
    }

    /// <summary>One prediction.</summary>
    /// <returns>A new tensor.</returns>
    public Tensor Predict(Tensor sample, double timestep, Tensor? text)
    {
        using var results = Call(sample, timestep, text);
        var output = results[0];
        return tensor(output.GetTensorDataAsSpan<float>().ToArray()).view(output.GetTensorTypeAndShape().Shape);
    }

    /// <summary>One prediction; the result stays ONNX Runtime's.</summary>
    public void Run(Tensor sample, double timestep, Tensor? text) => Call(sample, timestep, text).Dispose();

    public void Dispose() => _session.Dispose();

    private IDisposableReadOnlyCollection<OrtValue> Call(Tensor sample, double timestep, Tensor? text)
    {
        using var x = Value(sample);
        using var states = text is null ? null : Value(text);
        var time = _session.InputMetadata["timestep"];
        long[] shape = [.. time.Dimensions.Select(_ => 1L)];
        using var t = time.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64
            ? OrtValue.CreateTensorValueFromMemory([(long)timestep], shape)
            : OrtValue.CreateTensorValueFromMemory([(float)timestep], shape);
        using var run = new RunOptions();
        return states is null
            ? _session.Run(run, ["sample", "timestep"], [x, t], _session.OutputNames)
            : _session.Run(run, ["sample", "timestep", "encoder_hidden_states"], [x, t, states], _session.OutputNames);
    }

    private static OrtValue Value(Tensor tensor) => OrtValue.CreateTensorValueFromMemory(tensor.contiguous().data<float>().ToArray(), tensor.shape);
}
