using Diffusion.Benchmarks.Measuring;

namespace Diffusion.Benchmarks.Ratios;

/// <summary>How a ratio is taken.</summary>
/// <param name="Rounds">How often each variant is timed; 0: as the measurement chooses.</param>
/// <param name="Threads">Threads of tensor operations; 0: as libtorch chooses.</param>
/// <param name="Clock">Wall clock or processor time.</param>
/// <param name="Memory">Whether training also tells what a step leaves in memory, which takes a hundred steps.</param>
/// <param name="Onnx">An exported U-Net to compare with; null: one is written.</param>
internal sealed record RatioOptions(int Rounds, int Threads, Clock Clock, bool Memory = false, string? Onnx = null);
