namespace Diffusion.Runtime.Data.Shapes;

/// <summary>How large an object is.</summary>
public enum ObjectSize
{
    /// <summary>15 to 19 pixels wide.</summary>
    Small,

    /// <summary>25 to 33 pixels wide.</summary>
    Large,
}
