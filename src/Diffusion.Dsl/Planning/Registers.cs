using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>Which registers an operation reads and writes.</summary>
internal static class Registers
{
    public static IEnumerable<Register> ReadBy(StepOp op) => op switch
    {
        EvaluateOp => [Register.X],
        GuideOp guide => guide.Terms.Select(term => term.Source),
        AlignOp align => [align.Source, align.Along],
        ProjectOp project => [project.Source, project.Along],
        ConvertOp convert => [Register.X, convert.Output],
        ClampOp clamp => [clamp.Target],
        AffineOp affine => affine.Terms.Select(term => term.Source),
        LearnedNoiseOp => [Register.X, Register.V],
        SteerOp steer => [Register.X, steer.Output],
        WatchOp watch => watch.Sources,
        ShiftOp shift => Enumerable.Range(1, shift.Depth - 1).Select(Register.History),
        _ => [],
    };

    public static IEnumerable<Register> WrittenBy(StepOp op) => op switch
    {
        EvaluateOp evaluate => evaluate.Outputs,
        GuideOp guide => [guide.Target],
        AlignOp align => [align.Target],
        ProjectOp project => [project.Target],
        ConvertOp convert => [convert.Target],
        ClampOp clamp => [clamp.Target],
        AffineOp affine => [affine.Target],
        DrawOp draw => [draw.Target],
        LearnedNoiseOp => [Register.X],
        SteerOp steer => steer.Moved,
        ShiftOp shift => Enumerable.Range(1, shift.Depth).Select(Register.History),
        _ => [],
    };
}
