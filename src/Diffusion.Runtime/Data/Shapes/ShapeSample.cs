namespace Diffusion.Runtime.Data.Shapes;

/// <summary>A scene with its picture and a caption.</summary>
/// <param name="Scene">What is to be seen.</param>
/// <param name="Request">What the caption says.</param>
/// <param name="Caption">The caption.</param>
public sealed record ShapeSample(Scene Scene, SceneRequest Request, string Caption)
{
    /// <summary>The picture, <c>64 x 64</c> RGB.</summary>
    public Image Draw() => Scene.Draw();
}
