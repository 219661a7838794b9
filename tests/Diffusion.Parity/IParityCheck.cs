namespace Diffusion.Parity;

/// <summary>Compares one aspect of the cases that have it. A case that several checks take passes when all do.</summary>
internal interface IParityCheck
{
    /// <summary>Whether the case has what this check compares, judged by its content.</summary>
    bool Takes(GoldenCase golden);

    /// <summary>Compares; what cannot be read or computed is thrown.</summary>
    void Check(GoldenCase golden, Comparison comparison);
}
