using System.Collections.Generic;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Runtime.Data;

/// <summary>Every picture in one size, its proportions given up; torchvision's <c>Resize((height, width))</c>.</summary>
/// <param name="Height">Rows, at least 1.</param>
/// <param name="Width">Pixels in a row, at least 1.</param>
public sealed record ResizeTransform(int Height, int Width) : ImageTransform
{
    /// <summary>The same with other rows.</summary>
    /// <param name="height">At least 1.</param>
    public ResizeTransform WithHeight(int height) => this with { Height = height };

    /// <summary>The same with another width.</summary>
    /// <param name="width">At least 1.</param>
    public ResizeTransform WithWidth(int width) => this with { Width = width };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => CheckSize("height", Height).Concat(CheckSize("width", Width));

    /// <summary>The canonical text: <c>Resize(32, 32)</c>.</summary>
    public override string ToString() => System.FormattableString.Invariant($"Resize({Height}, {Width})");

    internal override Image Apply(Image image, SampleRandom random) => image.Resize(Width, Height);
}
