namespace Diffusion.Runtime.Data.Shapes;

/// <summary>How the first of two objects stands to the second.</summary>
public enum SceneRelation
{
    /// <summary>Higher up.</summary>
    Above,

    /// <summary>Lower down.</summary>
    Below,

    /// <summary>Further left.</summary>
    LeftOf,

    /// <summary>Further right.</summary>
    RightOf,
}
