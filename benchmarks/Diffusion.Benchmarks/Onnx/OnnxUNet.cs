using System;
using System.Linq;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using static TorchSharp.torch;

namespace Diffusion.Benchmarks.StableDiffusion;

/// <summary>An exported U-Net in ONNX Runtime, on as many threads as torch has: inputs sample, timestep, encoder_hidden_states, as diffusers' exporters name them.</summary>
internal sealed class OnnxUNet : IDisposable
{
    private readonly InferenceSession _session;

    /// <param name="path">The .onnx file, float32.</param>
    public OnnxUNet(string path)
    {
        using var options = new SessionOptions { IntraOpNumThreads = get_num_threads(), GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        _session = new InferenceSession(path, options);
    }

    /// <summary>One prediction; the result stays ONNX Runtime's.</summary>
    public void Run(Tensor sample, double timestep, Tensor text)
    {
        using var x = Value(sample);
        using var states = Value(text);
        var time = _session.InputMetadata["timestep"];
        long[] shape = [.. time.Dimensions.Select(_ => 1L)];
        using var t = time.ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64
            ? OrtValue.CreateTensorValueFromMemory([(long)timestep], shape)
            : OrtValue.CreateTensorValueFromMemory([(float)timestep], shape);
        using var run = new RunOptions();
        using var results = _session.Run(run, ["sample", "timestep", "encoder_hidden_states"], [x, t, states], _session.OutputNames);
    }

    public void Dispose() => _session.Dispose();

    private static OrtValue Value(Tensor tensor) => OrtValue.CreateTensorValueFromMemory(tensor.contiguous().data<float>().ToArray(), tensor.shape);
}
