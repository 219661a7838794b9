using System.Collections.Generic;

namespace Diffusion.Dsl;

/// <summary>Guidance by gradients: in front of every update x follows the negative gradient of a loss of x̂_0, x ← x − s·∇_x L(x̂_0(x)). A closed family.</summary>
/// <remarks>
/// <para>
/// The network's output m is not touched: guidance moves x, and x̂_0 = p·x + q·m of the moved x is what the sampler goes on with. That is what the diffusion course does
/// (unit 2, notebook 1). The other convention, <see cref="ChangesNoise"/>, leaves x and changes the prediction: ε̂ = ε − √(1 − ᾱ)·∇_x log p with log p = −s·L (Dhariwal and
/// Nichol 2021, arXiv:2105.05233, algorithm 2), whatever the network predicts instead of ε.
/// </para>
/// <para>
/// Without <see cref="ThroughNetwork"/> the gradient sees x̂_0 = p·x + q·m with m held constant, ∇_x L = p·∂L/∂x̂_0; with it m depends on x as well, which costs
/// a pass back through the network. Losses are those of each picture: batches change nothing. With an autoencoder x̂_0 is decoded first, and the gradient passes the decoder.
/// </para>
/// <para>Samplers that step between σ (Euler and its kin) hold x in the units of x̂_0, others scale it by √ᾱ: equal scales move these less where there is much noise.</para>
/// </remarks>
public abstract record GradientGuidance : Guider
{
    private protected GradientGuidance(double scale) => Scale = scale;

    /// <summary>s, the factor on the gradient; below 0 it drives away.</summary>
    public double Scale { get; init; }

    /// <summary>How the scale changes along the steps.</summary>
    public ScaleSchedule Schedule { get; init; } = ScaleSchedule.Constant;

    /// <summary>Whether the gradient passes the denoising network as well: dearer, and truer.</summary>
    public bool ThroughNetwork { get; init; }

    /// <summary>Whether the gradient goes into the predicted noise, as in classifier guidance, and x stays as it is; otherwise x moves and the prediction stays.</summary>
    public bool ChangesNoise { get; init; }

    /// <summary>Which mistakes of the diffusion course are repeated, to get its numbers.</summary>
    public GuidanceErrata Errata { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        if (double.IsNaN(Scale) || double.IsInfinity(Scale))
        {
            yield return Rules.GuidanceScaleNotFinite.Found(Name, Scale);
        }
    }

    /// <summary>Adds what all of the family can say to a canonical text.</summary>
    private protected Signature Common(Signature signature) => signature
        .Option("schedule", Schedule, ScaleSchedule.Constant)
        .Option("throughNetwork", ThroughNetwork, false)
        .Option("changesNoise", ChangesNoise, false)
        .Option("errata", Errata.ToString(), "None");
}
