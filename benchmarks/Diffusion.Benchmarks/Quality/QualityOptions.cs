namespace Diffusion.Benchmarks.Quality;

/// <summary>What is measured, and where pictures go.</summary>
/// <param name="Model">The model's folder.</param>
/// <param name="Folder">Where grids and plots are written.</param>
/// <param name="Prompts">Held-in prompts; half as many held-out ones, an eighth and a sixteenth for the sweeps.</param>
/// <param name="Batch">Pictures at a time.</param>
/// <param name="Scale">The scale of classifier-free guidance, but where the scale itself is swept.</param>
/// <param name="ClipScale">The scale of CLIP guidance.</param>
/// <param name="ColorScale">The scale of colour guidance.</param>
internal sealed record QualityOptions(string Model, string Folder, int Prompts, int Batch, double Scale, double ClipScale, double ColorScale);
