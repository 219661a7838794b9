namespace Diffusion.Runtime.Data.Shapes;

/// <summary>Where in the picture a single object stands.</summary>
public enum ScenePosition
{
    /// <summary>At the left edge, half way up.</summary>
    Left,

    /// <summary>At the right edge, half way up.</summary>
    Right,

    /// <summary>At the upper edge, in the middle.</summary>
    Top,

    /// <summary>At the lower edge, in the middle.</summary>
    Bottom,

    /// <summary>In the middle.</summary>
    Center,
}
