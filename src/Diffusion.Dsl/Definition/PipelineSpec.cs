using System.Linq;

namespace Diffusion.Dsl;

/// <summary>
/// The structure and numbers of a pipeline, without its models: all that the compiler reads. Its <see cref="Key"/> identifies the compiled sampler on
/// every path.
/// </summary>
/// <param name="Sampler">The sampler, resolved.</param>
/// <param name="Noise">The noise schedule of the checkpoint.</param>
/// <param name="Prediction">What the network predicts.</param>
/// <param name="HasText">Whether the network is told a text.</param>
/// <param name="Guiders">The guiders, in order.</param>
public sealed record PipelineSpec(Scheduler Sampler, NoiseSchedule Noise, PredictionType Prediction, bool HasText, EquatableArray<Guider> Guiders)
{
    /// <summary>How many of the noisiest steps are left out; 0: the pipeline starts from noise.</summary>
    public int Start { get; init; }

    /// <summary>Whether the network is told a class.</summary>
    public bool HasClasses { get; init; }

    /// <summary>The canonical one-line text: <c>Ddim(40) linear(0.0001, 0.02, 1000) epsilon text Cfg(7.5)</c>.</summary>
    public string Key => string.Join(
        " ",
        new[] { Sampler.ToString(), Noise.ToString(), Names.Of(Prediction), Start > 0 ? "from " + Text.Of(Start) : "", HasText ? "text" : "", HasClasses ? "classes" : "" }
            .Concat(Guiders.Select(guider => guider.ToString()))
            .Where(part => part.Length > 0));

    /// <summary>A name for the compiled sampler's class: <c>Ddim40Cfg_1b2c3d4e</c>.</summary>
    public string ClassName => Sampler.ShortName + string.Concat(Guiders.Select(guider => guider.Name)) + "_" + Fingerprint.Of(Key);

    /// <inheritdoc/>
    public override string ToString() => Key;
}
