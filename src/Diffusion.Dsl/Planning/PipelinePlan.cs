using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>A pipeline's steps with guidance in place: what the interpreter runs, what fusion rewrites and what emission writes out.</summary>
/// <param name="Spec">What was planned.</param>
/// <param name="Steps">The steps, from the first to the last.</param>
/// <param name="InitialNoiseSigma">The standard deviation of the first x.</param>
/// <param name="IsFused">Whether intermediate registers were folded away.</param>
public sealed record PipelinePlan(PipelineSpec Spec, EquatableArray<Step> Steps, double InitialNoiseSigma, bool IsFused)
{
    /// <summary>How many rows the network sees in all, for one picture: two at a guided step.</summary>
    public int NetworkRows => Steps.Sum(step => step.Ops.OfType<EvaluateOp>().Sum(op => op.Outputs.Count));

    /// <summary>
    /// A listing that a person can read and a snapshot can pin: one block for each run of steps of the same shape, and the numbers of every step.
    /// </summary>
    public override string ToString() => PlanListing.Of(this);
}
