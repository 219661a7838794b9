namespace Diffusion.Runtime.Data.Shapes;

/// <summary>How an object is filled.</summary>
public enum ObjectTexture
{
    /// <summary>With one colour.</summary>
    Plain,

    /// <summary>With level stripes of its colour and a shade of it.</summary>
    Striped,

    /// <summary>With dots of a shade of its colour.</summary>
    Dotted,
}
