namespace Diffusion.Dsl.Steps;

/// <summary>One operation of a sampling step. A closed family: every sampler is written in these.</summary>
public abstract record StepOp
{
    private protected StepOp()
    {
    }
}
