using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Parity.Checks;

/// <summary>
/// A learning rate by diffusers' name: <c>lr_at_step</c> from <c>base_lr</c> and the arguments of <c>get_scheduler</c>. Compared as shares of the base
/// rate, for the rates themselves are below any tolerance. What <c>get_scheduler</c> does not pass on (waves of the plain cosine, the floor) is not read.
/// </summary>
internal sealed class LearningRateCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => golden.Has("lr_at_step") && golden.Has("base_lr") && golden.Has("name");

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var arguments = golden.Has("args") ? golden.Content.Object("args") : JsonValue.Object([]);
        var peak = golden.Content.Number("base_lr");
        var schedule = Schedule(golden.Content.Word("name"), arguments);
        var total = Integer("num_training_steps", 1);
        var recorded = golden.Content.List("lr_at_step").Select(rate => rate.AsDouble() / peak).ToArray();
        comparison.CloseNumbers("lr_at_step / base_lr", recorded, recorded.Select((_, step) => schedule.At(step, peak, total) / peak).ToArray());

        int Integer(string key, int standard) => arguments.Find(key) is { IsNull: false } ? arguments.Integer(key) : standard;
    }

    private static LearningRateSchedule Schedule(string name, JsonValue arguments)
    {
        var warmup = (int)Number("num_warmup_steps", 0);
        return name switch
        {
            "constant" => LearningRates.Constant(),
            "constant_with_warmup" => LearningRates.Constant(warmup),
            "linear" => LearningRates.Linear(warmup),
            "cosine" => LearningRates.Cosine(warmup),
            "cosine_with_restarts" => LearningRates.CosineWithRestarts(warmup, (int)Number("num_cycles", 1)),
            "polynomial" => LearningRates.Polynomial(warmup, Number("power", 1)),
            "piecewise_constant" => LearningRates.PiecewiseConstant(arguments.Word("step_rules")),
            _ => throw new GoldenException($"no learning rate is called '{name}'"),
        };

        double Number(string key, double standard) => arguments.Find(key) is { IsNull: false } ? arguments.Number(key) : standard;
    }
}
