using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Plotting;

namespace Diffusion.Tests.Plotting;

public sealed class LinePlotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("diffusion-lines-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void EveryLineIsDrawnInItsOwnColour()
    {
        var empty = new LinePlot("Loss", "step", "mean squared error").WithLogAcross().WithLogUpwards();
        var plot = empty
            .Line("curve", [1, 10, 100], [0.1, 0.01, 0.002])
            .Line("marked", [1, 10, 100], [0.2, 0.02, 0.004], PlotStyle.Marked)
            .Line("points", [0, 1, 10, 100], [0.3, 0.3, double.NaN, 0], PlotStyle.Points);
        Assert.Empty(empty.Lines);
        plot.Save(PathOf("loss.png"));
        LinePlot.Save(PathOf("two.png"), plot, empty.WithLogAcross(false));

        var (one, two) = (Image.Load(PathOf("loss.png")), Image.Load(PathOf("two.png")));
        Assert.Equal(one.Width * 2, two.Width);
        foreach (var (color, least) in new[] { (0x0072b2, 2000), (0xd55e00, 2000), (0x009e73, 100) })
            Assert.InRange(Pixels(one, color), least, 20_000);
    }

    [Fact]
    public void ALogarithmicAxisIsMarkedAtOneTwoAndFive()
    {
        var axis = PlotAxis.Of(log: true, [0, -1, double.PositiveInfinity, 0.04, 30]);
        Assert.Equal((0.04, 30), (axis.Least, axis.Most));
        Assert.Equal([0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20], axis.Marks().Select(mark => Math.Round(mark, 6)));
        Assert.Equal([120, 140, 160, 180, 200, 220], PlotAxis.Of(log: true, [110, 230]).Marks());
        Assert.Equal([7], PlotAxis.Of(log: true, [7]).Marks().DefaultIfEmpty(7));
        Assert.Equal(1, axis.Position(10));
        Assert.True(double.IsNaN(axis.Position(0)));
        Assert.Equal(-3, PlotAxis.Of(log: false, [-3, 4]).Position(-3));
    }

    [Fact]
    public void APlotThatCannotBeWrittenIsSaidAsElsewhere()
    {
        var plot = new LinePlot("Loss", "step", "loss").Line("a", [1], [1]);
        Assert.Equal("DIF0560", Assert.Throws<DiffusionException>(() => plot.Save(PathOf("loss.svg"))).Id);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private static int Pixels(Image image, int color)
    {
        var pixels = image.Pixels.Span;
        var count = 0;
        for (var i = 0; i < pixels.Length; i += 3)
            count += (pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]) == color ? 1 : 0;

        return count;
    }

    private string PathOf(string name) => Path.Combine(_folder, name);
}
