namespace Diffusion.Runtime.Kernels;

/// <summary>The numbers of one step of AdamW.</summary>
/// <param name="Keep">1 − η λ: what decoupled weight decay leaves of the parameters.</param>
/// <param name="Beta1">Memory of the mean gradient.</param>
/// <param name="Beta2">Memory of the mean squared gradient.</param>
/// <param name="Rate">η divided by the bias correction of the first moment.</param>
/// <param name="Correction">The root of the bias correction of the second moment.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
internal sealed record AdamFactors(double Keep, double Beta1, double Beta2, double Rate, double Correction, double Epsilon);
