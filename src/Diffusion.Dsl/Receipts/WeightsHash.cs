namespace Diffusion.Dsl;

/// <summary>A file of weights by its content.</summary>
/// <param name="File">Its path below the checkpoint, with <c>/</c>: <c>unet/diffusion_pytorch_model.safetensors</c>.</param>
/// <param name="Sha256">The SHA-256 of its bytes in 64 hexadecimal digits; null: the file had changed or gone when the receipt was written.</param>
public sealed record WeightsHash(string File, string? Sha256);
