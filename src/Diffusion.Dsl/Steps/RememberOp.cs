namespace Diffusion.Dsl.Steps;

/// <summary>slot ← source, kept for later steps; the value of the slot before is lost.</summary>
/// <param name="Slot">A history register.</param>
/// <param name="Source">What is kept.</param>
public sealed record RememberOp(Register Slot, Register Source) : StepOp
{
    /// <inheritdoc/>
    public override string ToString() => Slot + " ← " + Source;
}
