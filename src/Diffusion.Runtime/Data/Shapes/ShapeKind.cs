namespace Diffusion.Runtime.Data.Shapes;

/// <summary>What an object of a scene is.</summary>
public enum ShapeKind
{
    /// <summary>A disc.</summary>
    Circle,

    /// <summary>A square on its side.</summary>
    Square,

    /// <summary>A triangle with its tip above.</summary>
    Triangle,

    /// <summary>A square on its corner.</summary>
    Diamond,

    /// <summary>A star of five points.</summary>
    Star,

    /// <summary>A plus sign.</summary>
    Cross,

    /// <summary>A circle with a hole.</summary>
    Ring,

    /// <summary>A heart.</summary>
    Heart,
}
