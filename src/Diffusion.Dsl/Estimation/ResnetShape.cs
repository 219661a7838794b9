namespace Diffusion.Dsl.Estimation;

/// <summary>What resnets of a network have in common.</summary>
/// <param name="TimeWidth">Length of the time embedding; null without one.</param>
/// <param name="ScaleShift">Whether time scales and shifts.</param>
/// <param name="HasNorms">Whether there are norms.</param>
internal sealed record ResnetShape(long? TimeWidth = null, bool ScaleShift = false, bool HasNorms = true);
