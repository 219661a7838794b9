using SkiaSharp;

namespace Diffusion.Runtime.Data.Shapes;

/// <summary>Draws scenes, with smooth edges.</summary>
internal static class SceneDrawing
{
    /// <summary>The picture of a scene.</summary>
    public static Image Draw(Scene scene)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Scene.Size, Scene.Size, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            Fill(canvas, scene.Background);
            foreach (var item in scene.Objects)
                Draw(canvas, item);
        }

        var source = bitmap.GetPixelSpan();
        var pixels = new byte[Scene.Size * Scene.Size * 3];
        for (int from = 0, to = 0; to < pixels.Length; from += 4, to += 3)
            (pixels[to], pixels[to + 1], pixels[to + 2]) = (source[from], source[from + 1], source[from + 2]);
        return new Image(Scene.Size, Scene.Size, 3, pixels);
    }

    private static void Fill(SKCanvas canvas, SceneBackground background)
    {
        var top = Color(ScenePalette.Rgb(background.Color));
        canvas.Clear(top);
        if (background.Bottom is not { } bottom)
            return;

        using var gradient = SKShader.CreateLinearGradient(new SKPoint(0, 0), new SKPoint(0, Scene.Size), [top, Color(ScenePalette.Rgb(bottom))], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = gradient };
        canvas.DrawPaint(paint);
    }

    private static void Draw(SKCanvas canvas, SceneObject item)
    {
        using var outline = ShapeOutline.Of(item.Kind);
        using var paint = new SKPaint { IsAntialias = true, Color = Color(ScenePalette.Rgb(item.Color)) };
        using var shade = new SKPaint { IsAntialias = true, Color = Color(ScenePalette.Shade(item.Color)) };
        canvas.Save();
        canvas.Translate((float)item.X, (float)item.Y);
        canvas.Scale((float)item.Diameter / 2);
        canvas.DrawPath(outline, paint);
        if (item.Texture != ObjectTexture.Plain)
        {
            canvas.ClipPath(outline, SKClipOperation.Intersect, antialias: true);
            Cover(canvas, shade, item.Texture, period: item.Size == ObjectSize.Small ? 0.6f : 0.4f);
        }

        canvas.Restore();
    }

    // In units of the object's radius.
    private static void Cover(SKCanvas canvas, SKPaint shade, ObjectTexture texture, float period)
    {
        for (var y = -1 + (period / 2); y < 1; y += period)
        {
            if (texture == ObjectTexture.Striped)
            {
                canvas.DrawRect(-1, y - (period / 4), 2, period / 2, shade);
                continue;
            }

            for (var x = -1 + (period / 2); x < 1; x += period)
                canvas.DrawCircle(x, y, period * 0.28f, shade);
        }
    }

    private static SKColor Color((byte Red, byte Green, byte Blue) color) => new(color.Red, color.Green, color.Blue);
}
