namespace Diffusion.Dsl.Steps;

/// <summary>x̂_0 is known here: it is shown if someone looks. It computes nothing; fusion may fold x̂_0 away, and the sources are then what it is made of.</summary>
/// <param name="Sources">x0 itself, or the registers that it is a combination of.</param>
public sealed record WatchOp(EquatableArray<Register> Sources) : StepOp
{
    /// <inheritdoc/>
    public override string ToString() => "watch " + string.Join(", ", Sources);
}
