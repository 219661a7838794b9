using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>A moving average of parameters by the arguments of diffusers' <c>EMAModel</c>: <c>decay_used</c> and <c>shadow</c> behind every update.</summary>
internal sealed class MovingAverageCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => golden.Has("initial") && golden.Has("steps") && golden.Has("args");

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var initial = golden.Content.Numbers("initial");
        var steps = golden.Content.List("steps");
        using var model = new Holder(tensor(initial, ScalarType.Float32));
        using var average = new ExponentialMovingAverage(model, Decay(golden.Content.Object("args")));
        foreach (var (step, index) in steps.Select((step, index) => (step, index)))
        {
            model.Value.copy_(step.Tensor("param", [initial.Length]));
            average.Update();
            comparison.CloseNumbers($"steps[{index}].decay_used", [step.Number("decay_used")], [average.Decay.At(average.Updates)]);
            comparison.Close($"steps[{index}].shadow", step.Tensor("shadow", [initial.Length]), average.Shadow.Values.Single());
        }
    }

    private static EmaDecay Decay(JsonValue arguments)
    {
        var standard = new EmaDecay();
        return new EmaDecay(Number("decay", standard.Decay))
            .WithMinDecay(Number("min_decay", standard.MinDecay))
            .WithUpdateAfterStep((int)Number("update_after_step", standard.UpdateAfterStep))
            .WithWarmup(arguments.Find("use_ema_warmup") is { Kind: JsonKind.Boolean } warmup && warmup.AsBoolean())
            .WithInvGamma(Number("inv_gamma", standard.InvGamma))
            .WithPower(Number("power", standard.Power));

        double Number(string key, double otherwise) => arguments.Find(key) is { IsNull: false } ? arguments.Number(key) : otherwise;
    }

    private sealed class Holder : nn.Module
    {
        public Holder(Tensor value)
            : base(nameof(Holder)) => register_parameter("value", Value = new Parameter(value));

        public Parameter Value { get; }

        protected override void RegisterComponents()
        {
        }
    }
}
