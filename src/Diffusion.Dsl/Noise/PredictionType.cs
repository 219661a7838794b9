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
}
