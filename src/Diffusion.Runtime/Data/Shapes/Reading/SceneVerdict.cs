namespace Diffusion.Runtime.Data.Shapes;

/// <summary>Whether a picture shows what a caption asks for, thing by thing; what the caption leaves open is right.</summary>
/// <param name="Count">As many objects as asked for.</param>
/// <param name="Shape">All shapes.</param>
/// <param name="Color">All colours of objects.</param>
/// <param name="Size">All sizes.</param>
/// <param name="Place">The position of a single object, or the relation of two.</param>
/// <param name="Background">The background.</param>
public sealed record SceneVerdict(bool Count, bool Shape, bool Color, bool Size, bool Place, bool Background)
{
    /// <summary>Everything is right.</summary>
    public bool All => Count && Shape && Color && Size && Place && Background;
}
