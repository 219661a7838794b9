using System.Collections.Generic;

namespace Diffusion.Runtime.Sampling;

/// <summary>One step of a streamed run, as pictures.</summary>
/// <param name="Index">The step just done, from 0.</param>
/// <param name="Count">The number of steps.</param>
/// <param name="Timestep">The timestep the network was told.</param>
/// <param name="X">The samples after the step.</param>
/// <param name="X0">The clean samples the network predicts; at the last step these and <paramref name="X"/> are the result.</param>
public sealed record StreamedStep(int Index, int Count, double Timestep, IReadOnlyList<Image> X, IReadOnlyList<Image> X0)
{
    /// <summary>Whether this is the last step.</summary>
    public bool IsLast => Index == Count - 1;
}
