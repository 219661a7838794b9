namespace Diffusion.Dsl;

/// <summary>One part of a pipeline and the memory of its weights.</summary>
/// <param name="Name">Its name in diffusers' folders: <c>unet</c>, <c>vae</c>, <c>text_encoder</c>.</param>
/// <param name="ClassName">Its class.</param>
/// <param name="Parameters">How many parameters it has, those that take no gradient included.</param>
/// <param name="Bytes">The bytes of these in the precision that was asked for.</param>
public sealed record ComponentMemory(string Name, string ClassName, long Parameters, long Bytes);
