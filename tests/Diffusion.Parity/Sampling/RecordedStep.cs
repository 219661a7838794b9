using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Parity.Sampling;

/// <summary>One recorded step of a sampler.</summary>
/// <param name="Index">Its place among the timesteps.</param>
/// <param name="Timestep">What the network was told.</param>
/// <param name="FirstNoise">The index of the first Gaussian tensor it drew.</param>
/// <param name="NoiseCount">How many it drew.</param>
/// <param name="Sample">x before the step; null: the x after the step before.</param>
/// <param name="ModelInput">What the network saw, where that was not x.</param>
/// <param name="ModelOutput">What the network answered; 2C channels where a variance is learned.</param>
/// <param name="PrevSample">x after the step.</param>
/// <param name="PredOriginalSample">x̂_0, where it was recorded.</param>
internal sealed record RecordedStep(
    int Index,
    double Timestep,
    int FirstNoise,
    int NoiseCount,
    Tensor? Sample,
    Tensor? ModelInput,
    Tensor ModelOutput,
    Tensor PrevSample,
    Tensor? PredOriginalSample)
{
    /// <summary>Reads an entry of <c>steps</c>; <paramref name="shape"/> is x's.</summary>
    public static RecordedStep Of(JsonValue json, long[] shape)
    {
        Tensor? Optional(string key) => json.Kind == JsonKind.Object && json.Find(key) is { IsNull: false } ? json.Tensor(key, shape) : null;
        var noise = json.Find("noise") is { IsNull: false } ? json.Integers("noise") : [0, 0];
        return new(
            json.Integer("i"),
            json.Number("t"),
            noise is [var first, _] ? (int)first : throw new GoldenException("'noise' of a step should be [first, count]"),
            (int)noise[1],
            Optional("sample"),
            Optional("model_input"),
            Output(json, shape),
            json.Tensor("prev_sample", shape),
            Optional("pred_original_sample"));
    }

    private static Tensor Output(JsonValue json, long[] shape)
    {
        var numbers = json.Numbers("model_output");
        var isSplit = numbers.Length == 2 * shape.Aggregate(1L, (product, size) => product * size);
        return Fields.ToTensor(numbers, "model_output", isSplit ? [shape[0], 2 * shape[1], .. shape[2..]] : shape);
    }
}
