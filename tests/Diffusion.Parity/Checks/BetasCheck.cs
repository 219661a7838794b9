using System;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Parity.Checks;

/// <summary>The curves of a noise schedule at the timesteps <c>indices</c>: betas, alphas_cumprod, snr, and both after rescaling to zero terminal SNR.</summary>
internal sealed class BetasCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => golden.Has("config") && (golden.Has("alphas_cumprod") || golden.Has("betas"));

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var config = golden.Has("num_train_timesteps")
            ? golden.Content.Object("config").Without("num_train_timesteps").With("num_train_timesteps", golden.Content.Field("num_train_timesteps"))
            : golden.Content.Object("config");
        var noise = SchedulerConfigJson.Read(config).Noise;
        var curve = noise.Curve();
        var rescaled = noise.WithZeroTerminalSnr(true).Curve();
        var timesteps = golden.Has("indices") ? golden.Content.Integers("indices") : [.. Enumerable.Range(0, curve.Count)];
        var indices = timesteps.Select(index => index >= 0 && index < curve.Count
            ? (int)index
            : throw new GoldenException($"index {index} is not below the {curve.Count} training timesteps")).ToArray();

        void Compare(string key, Func<int, double> value)
        {
            if (golden.Has(key))
            {
                comparison.CloseNumbers(key, golden.Content.Numbers(key), indices.Select(value).ToArray());
            }
        }

        Compare("betas", curve.Beta);
        Compare("alphas_cumprod", curve.AlphaBar);
        Compare("snr", curve.Snr);
        Compare("zero_snr_betas", rescaled.Beta);
        Compare("zero_snr_alphas_cumprod", rescaled.AlphaBar);
        if (golden.Has("sum_betas"))
        {
            comparison.CloseNumbers("sum_betas", [golden.Content.Number("sum_betas")], [Enumerable.Range(0, curve.Count).Sum(curve.Beta)]);
        }
    }
}
