namespace Diffusion.Dsl;

/// <summary>Where tensors live.</summary>
/// <param name="Kind"><c>cpu</c> or <c>cuda</c>.</param>
/// <param name="Index">Which one, from 0.</param>
public sealed record Device(string Kind, int Index = 0)
{
    /// <summary>The processor.</summary>
    public static Device Cpu { get; } = new("cpu");

    /// <summary>The first CUDA device.</summary>
    public static Device Cuda { get; } = new("cuda");

    /// <inheritdoc/>
    public override string ToString() => Kind == "cpu" ? Kind : Kind + ":" + Text.Of(Index);
}
