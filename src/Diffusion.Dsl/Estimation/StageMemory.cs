namespace Diffusion.Dsl;

/// <summary>One stage of a run and the memory that it needs beside weights.</summary>
/// <param name="Name"><c>text</c>, <c>denoise</c>, <c>decode</c>.</param>
/// <param name="Component">The component that runs.</param>
/// <param name="Weights">Bytes of that component's weights: with offload they are the only ones that are there.</param>
/// <param name="Activations">The most bytes that activations hold at once, with the copies that kernels make.</param>
public sealed record StageMemory(string Name, string Component, long Weights, long Activations);
