using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl.Steps;

namespace Diffusion.Dsl.Planning;

/// <summary>Which history is still read later: the steps are walked from the last operation to the first, and what nobody reads is neither kept nor shifted.</summary>
internal static class Liveness
{
    /// <summary>
    /// The steps without writes to x and to history registers that nothing reads, and with shifts only as deep as something reads; beside each, what is still read
    /// after it.
    /// </summary>
    public static (Step Step, Register[] LiveAfter)[] WithoutDeadHistory(IReadOnlyList<Step> steps)
    {
        var live = new HashSet<Register> { Register.X };
        var result = new (Step, Register[])[steps.Count];
        for (var i = result.Length - 1; i >= 0; i--)
        {
            var liveAfter = live.ToArray();
            var ops = new List<StepOp>();
            foreach (var op in steps[i].Ops.Reverse())
            {
                if (Needed(op, live) is { } needed)
                {
                    ops.Add(needed);
                }
            }

            ops.Reverse();
            result[i] = (steps[i] with { Ops = ops.ToEquatableArray() }, liveAfter);
        }

        return result;
    }

    /// <summary>The operation as far as it is needed, with <paramref name="live"/> moved in front of it; null: not at all.</summary>
    private static StepOp? Needed(StepOp op, HashSet<Register> live)
    {
        if (op is ShiftOp)
        {
            var oldest = live.Select(register => register.Age).DefaultIfEmpty(0).Max();
            for (var age = 1; age <= oldest; age++)
            {
                Set(live, Register.History(age), live.Contains(Register.History(age + 1)));
            }

            return oldest < 2 ? null : new ShiftOp(oldest);
        }

        var written = Registers.WrittenBy(op).Where(Outlives).ToArray();
        if (op is DrawOp or AffineOp { DrawsNoise: false } && written.Length > 0 && !written.Any(live.Contains))
        {
            return null;
        }

        live.ExceptWith(written);
        live.UnionWith(Registers.ReadBy(op).Where(Outlives));
        return op;
    }

    /// <summary>Whether the next step may read the register.</summary>
    private static bool Outlives(Register register) => register.IsCarried || register == Register.X;

    private static void Set(HashSet<Register> live, Register register, bool isLive)
    {
        if (isLive)
        {
            live.Add(register);
        }
        else
        {
            live.Remove(register);
        }
    }
}
