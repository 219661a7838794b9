using System.Linq;

namespace Diffusion.Dsl;

/// <summary>What the notebooks of the Hugging Face diffusion course do in training where something else is right; each a switch, all off.</summary>
/// <param name="MultipliesGradientByLoss"><c>loss.backward(loss)</c> is not <c>loss.backward()</c>: every gradient is multiplied by the value of the loss.</param>
/// <param name="SumsAccumulated">Gradients of k batches are summed, not averaged: the step is k times as large.</param>
/// <param name="DropsPartialGroup">The batches behind the last full group of an epoch are not stepped with.</param>
/// <param name="MissesLastTimestep"><c>randint(0, 999)</c> draws 0 to 998: the noisiest timestep is never trained.</param>
public sealed record CourseErrata(bool MultipliesGradientByLoss = false, bool SumsAccumulated = false, bool DropsPartialGroup = false, bool MissesLastTimestep = false)
{
    /// <summary>Everything as it should be.</summary>
    public static CourseErrata None { get; } = new();

    /// <summary>Everything as in the course.</summary>
    public static CourseErrata All { get; } = new(true, true, true, true);

    /// <summary>The same with or without <c>loss.backward(loss)</c>.</summary>
    /// <param name="multipliesGradientByLoss">Whether gradients are multiplied by the loss.</param>
    public CourseErrata WithMultipliesGradientByLoss(bool multipliesGradientByLoss) => this with { MultipliesGradientByLoss = multipliesGradientByLoss };

    /// <summary>The same with sums or means over accumulated batches.</summary>
    /// <param name="sumsAccumulated">Whether gradients are summed.</param>
    public CourseErrata WithSumsAccumulated(bool sumsAccumulated) => this with { SumsAccumulated = sumsAccumulated };

    /// <summary>The same with or without the last, partial group.</summary>
    /// <param name="dropsPartialGroup">Whether it is left out.</param>
    public CourseErrata WithDropsPartialGroup(bool dropsPartialGroup) => this with { DropsPartialGroup = dropsPartialGroup };

    /// <summary>The same with or without the noisiest timestep.</summary>
    /// <param name="missesLastTimestep">Whether it is never drawn.</param>
    public CourseErrata WithMissesLastTimestep(bool missesLastTimestep) => this with { MissesLastTimestep = missesLastTimestep };

    /// <summary>The names of the switches that are on: <c>backward(loss), sums</c>.</summary>
    public override string ToString() => string.Join(", ", new[]
    {
        MultipliesGradientByLoss ? "backward(loss)" : "",
        SumsAccumulated ? "sum over batches" : "",
        DropsPartialGroup ? "no partial group" : "",
        MissesLastTimestep ? "no last timestep" : "",
    }.Where(name => name.Length > 0));
}
