using System.Globalization;

namespace Diffusion.Dsl.Steps;

/// <summary>A named tensor slot of a step. All have the sample's shape [N, C, H, W], its dtype and its device.</summary>
/// <param name="Name">The name in listings and in emitted code.</param>
public readonly record struct Register(string Name)
{
    /// <summary>x: the sample x_t, at the end of the step x_{t−1}.</summary>
    public static Register X { get; } = new("x");

    /// <summary>m: the network's output after guidance.</summary>
    public static Register M { get; } = new("m");

    /// <summary>u: the network's output without the condition.</summary>
    public static Register U { get; } = new("u");

    /// <summary>c: the network's output with the condition.</summary>
    public static Register C { get; } = new("c");

    /// <summary>p: the output of the network with some self-attentions switched off.</summary>
    public static Register Perturbed { get; } = new("p");

    /// <summary>g: the output of a worse network.</summary>
    public static Register Worse { get; } = new("g");

    /// <summary>us: u at the scale that comes closest to c.</summary>
    public static Register Aligned { get; } = new("us");

    /// <summary>diff: c − u.</summary>
    public static Register Difference { get; } = new("diff");

    /// <summary>away: the direction of projected guidance.</summary>
    public static Register Away { get; } = new("away");

    /// <summary>average: what momentum makes of c − u, kept from step to step.</summary>
    public static Register Average { get; } = new("average");

    /// <summary>x0: the predicted clean sample x̂_0.</summary>
    public static Register X0 { get; } = new("x0");

    /// <summary>v: the second half of a learned-variance network's output.</summary>
    public static Register V { get; } = new("v");

    /// <summary>y: the sample at the start of a step with several evaluations.</summary>
    public static Register Y { get; } = new("y");

    /// <summary>last: the sample before the last update, kept from step to step.</summary>
    public static Register Last { get; } = new("last");

    /// <summary>noise: the last step's noise, kept from step to step.</summary>
    public static Register Noise { get; } = new("noise");

    /// <summary>d, d2 …: the slope at the k-th evaluation of a step.</summary>
    /// <param name="stage">k, from 1.</param>
    public static Register Slope(int stage) => new Register("d").At(stage);

    /// <summary>h1, h2, …: what earlier steps kept, the newest first.</summary>
    /// <param name="age">1 for the newest.</param>
    public static Register History(int age) => new("h" + age.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether the register lives from one step to the next.</summary>
    public bool IsCarried => Name is "last" or "noise" or "average" || (Name.Length > 1 && Name[0] == 'h');

    /// <summary>The age of a history register; 0 for every other.</summary>
    public int Age => IsCarried && Name[0] == 'h' ? int.Parse(Name.Substring(1), CultureInfo.InvariantCulture) : 0;

    /// <summary>The register of the same kind for the k-th evaluation of a step: m, m2, m3; x0, x0_2.</summary>
    /// <param name="stage">k, from 1.</param>
    public Register At(int stage) => stage == 1 ? this
        : new(Name + (char.IsDigit(Name[Name.Length - 1]) ? "_" : "") + stage.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
