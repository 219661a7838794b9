using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Diffusion.Tests.Sampling;

/// <summary>The linear guess at pictures of latents, against the decoder it was fitted to, on drawings that the fit has not seen.</summary>
public class LatentColorsTests
{
    [Theory]
    [InlineData(4, 3, 1)]
    [InlineData(4, 3, 2)]
    [InlineData(4, 3, 3)]
    [InlineData(16, 3, 2)]
    [InlineData(4, 1, 2)]
    public void ADecoderThatIsNearlyLinearIsGuessedNearlyExactly(int channels, int colors, int levels)
    {
        using var vae = Vae(channels, colors, levels);
        var before = Correlation(vae);
        MakeNearlyLinear(vae);

        Assert.InRange(Correlation(vae), 0.95, 1);
        Assert.InRange(before, 0.1, 0.9); // untrained decoders hardly are
    }

    [Fact]
    public void TwoFitsAreTheSame()
    {
        using var vae = Vae(4, 3, 2);
        var latents = new HeldSample([.. Enumerable.Range(0, 4 * 5 * 3).Select(i => (float)Math.Sin(i))], [1, 4, 5, 3]);

        var guess = Assert.Single(LatentColors.Fit(vae).Of(latents));
        Assert.Equal((3, 5, 3), (guess.Width, guess.Height, guess.Channels));
        Assert.Equal(guess, LatentColors.Fit(vae).Of(latents)[0]);
    }

    [Fact]
    public void AChannelThatSaysNothingDoesNoHarm()
    {
        using var vae = Vae(4, 3, 2);
        MakeNearlyLinear(vae);
        using (no_grad())
        {
            // The third latent channel is always 0: the normal equations alone would have no solution.
            foreach (var (name, parameter) in vae.named_parameters().Where(part => part.name.StartsWith("quant_conv", StringComparison.Ordinal)))
                parameter.narrow(0, 2, 1).zero_();
        }

        Assert.InRange(Correlation(vae), 0.95, 1);
    }

    [Fact]
    public void HalfPrecisionGuessesToo()
    {
        using var vae = AutoencoderKL.FromConfig(Config(4, 3, 2), seed: 3, dtype: ScalarType.BFloat16);
        var latents = new HeldSample(new float[4 * 4], [1, 4, 2, 2]);

        Assert.Equal(4, LatentColors.Fit(vae).Of(latents)[0].Pixels.Length / 3);
    }

    private static AutoencoderKLConfig Config(int channels, int colors, int levels) =>
        new AutoencoderKLConfig(NormNumGroups: 4, SampleSize: EquatableArray.Of(16), LatentChannels: channels).WithLevels([.. Enumerable.Repeat(8, levels)]).WithImageChannels(colors);

    private static AutoencoderKL Vae(int channels, int colors, int levels) => AutoencoderKL.FromConfig(Config(channels, colors, levels), seed: 3);

    // Resnets and attention add nothing, convolutions look at one pixel, the last activation stays where it is nearly a line.
    private static void MakeNearlyLinear(AutoencoderKL vae)
    {
        using var recording = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in vae.named_parameters().Where(part => part.name.StartsWith("decoder.", StringComparison.Ordinal)))
        {
            if (name.Contains(".conv2.", StringComparison.Ordinal) || name.Contains(".to_out.", StringComparison.Ordinal))
                parameter.zero_();
            else if (name == "decoder.conv_norm_out.bias")
                parameter.fill_(6);
            else if (name.EndsWith(".weight", StringComparison.Ordinal) && parameter.dim() == 4 && parameter.shape[2] == 3)
                parameter.mul_(F.pad(ones(1, 1, 1, 1), [1, 1, 1, 1]));
        }

        // The middle of that line is the middle of the colours.
        var parts = vae.named_parameters().ToDictionary(part => part.name, part => part.parameter);
        parts["decoder.conv_out.bias"].copy_(parts["decoder.conv_out.weight"].sum([1, 2, 3]) * -6);
    }

    // Of all pixels and colours.
    private static double Correlation(AutoencoderKL vae)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var colors = LatentColors.Fit(vae);
        var (guessed, real) = (new List<double>(), new List<double>());
        for (var seed = 100; seed < 104; seed++)
        {
            using var posterior = vae.Encode(Probe.Drawing(seed, vae.Config.InChannels, 16 * vae.Config.Factor));
            guessed.AddRange(Values(colors.Of(HeldSample.Of(vae.Scale(posterior.Mode)))[0]));
            real.AddRange(Values(Image.FromTensor(F.avg_pool2d(vae.Decode(posterior.Mode), vae.Config.Factor))));
        }

        return Pearson(guessed, real);
    }

    private static IEnumerable<double> Values(Image image) => image.Pixels.ToArray().Select(value => (double)value);

    private static double Pearson(List<double> x, List<double> y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        var covariance = x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum();
        return covariance / Math.Sqrt(x.Sum(a => (a - meanX) * (a - meanX)) * y.Sum(b => (b - meanY) * (b - meanY)));
    }
}
