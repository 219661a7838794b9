namespace Diffusion.Runtime.Sampling;

/// <summary>What guidance by gradients did at one evaluation of a step.</summary>
/// <param name="Guider">The guider's name.</param>
/// <param name="Loss">Its loss, the mean over the pictures.</param>
/// <param name="ClampedShare">The share of the numbers of x̂_0 outside [−1, 1], in pixels, that is where a clamp cuts; a gradient that passes the clamp is 0 there. 0 for latents.</param>
public sealed record SteeringReport(string Guider, double Loss, double ClampedShare);
