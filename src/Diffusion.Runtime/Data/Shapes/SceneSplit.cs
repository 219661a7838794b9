namespace Diffusion.Runtime.Data.Shapes;

/// <summary>Which objects a data set of scenes has.</summary>
public enum SceneSplit
{
    /// <summary>All but the pairs of colour and shape that are held out.</summary>
    Training,

    /// <summary>In every scene a pair that training never saw.</summary>
    HeldOut,

    /// <summary>Any.</summary>
    All,
}
