using Diffusion.Dsl;

namespace Diffusion.Generators.Reading;

/// <summary>A pipeline that a call of Compile may meet.</summary>
/// <param name="Pipeline">The definition.</param>
/// <param name="CanHappen">Whether it certainly can happen, so that its findings are worth an error.</param>
internal sealed record Candidate(Pipeline Pipeline, bool CanHappen);
