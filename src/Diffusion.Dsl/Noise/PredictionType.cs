namespace Diffusion.Dsl;

/// <summary>What the network was trained to predict. The names are those of diffusers' <c>prediction_type</c>.</summary>
public enum PredictionType
{
    /// <summary><c>epsilon</c>: the noise ε in x_t = √ᾱ x_0 + √(1 − ᾱ) ε.</summary>
    Epsilon,

    /// <summary><c>sample</c>: the clean sample x_0.</summary>
    Sample,

    /// <summary><c>v_prediction</c>: v = √ᾱ ε − √(1 − ᾱ) x_0 (Salimans and Ho 2022, arXiv:2202.00512, appendix D).</summary>
    VPrediction,

    /// <summary><c>flow_prediction</c>: the velocity ε − x_0 of the straight path x = (1 − σ) x_0 + σ ε (Liu et al. 2022, arXiv:2209.03003).</summary>
    Flow,
}
