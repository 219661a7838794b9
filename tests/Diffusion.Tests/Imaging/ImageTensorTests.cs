using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using static TorchSharp.torch;

namespace Diffusion.Tests.Imaging;

public sealed class ImageTensorTests
{
    [Fact]
    public void ValuesBecomePixelsAsInDiffusers()
    {
        using var scope = NewDisposeScope();

        // −1 → 0, 1 → 255, outside is clipped, 0 → 127.5 → 128 (half to even), 0.25 → 159.375 → 159.
        var image = Image.FromTensor(tensor(new[] { -1f, 1f, -3f, 3f, 0f, 0.25f }).view(1, 2, 3));
        Assert.Equal(new Image(3, 2, 1, [0, 255, 0, 255, 128, 159]), image);
    }

    [Fact]
    public void ChannelsAreInterleaved()
    {
        using var scope = NewDisposeScope();
        var planes = tensor(new[] { -1f, -1f, 1f, 1f, -1f, 1f }).view(3, 1, 2);
        Assert.Equal(new Image(2, 1, 3, [0, 255, 0, 0, 255, 255]), Image.FromTensor(planes));
    }

    [Fact]
    public void EveryPixelSurvivesTheWayThroughATensor()
    {
        using var scope = NewDisposeScope();
        var image = new Image(16, 16, 1, [.. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        Assert.Equal(image, Image.FromTensor(image.ToTensor()));
        Assert.Equal([-1f, 1f], [image.ToTensor().min().item<float>(), image.ToTensor().max().item<float>()]);
        var colors = new[] { ImageTests.Pattern(3, 4, 3), ImageTests.Pattern(3, 4, 3, 11) };
        var batch = Image.ToBatch(colors);
        Assert.Equal([2, 3, 4, 3], batch.shape);
        Assert.Equal(colors, Image.FromBatch(batch));
        Assert.Equal(colors[1], Image.FromTensor(batch[1]));
        Assert.Equal(colors[0], Image.FromTensor(batch.narrow(0, 0, 1)));
    }

    [Fact]
    public void StridesTypesAndGradientsDoNotMatter()
    {
        using var scope = NewDisposeScope();
        var image = ImageTests.Pattern(3, 4, 3);
        var strided = image.ToTensor().permute(1, 2, 0).contiguous().permute(2, 0, 1);
        Assert.Equal(image, Image.FromTensor(strided));
        Assert.Equal(image, Image.FromTensor(image.ToTensor().to(ScalarType.Float64).requires_grad_(true)));
    }

    [Fact]
    public void NoTensorIsLeftBehind()
    {
        using var batch = Image.ToBatch([ImageTests.Pattern(3, 4, 3)]);
        using var scope = NewDisposeScope();
        Image.FromBatch(batch);
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void ATensorThatIsNoImageIsRefused()
    {
        using var scope = NewDisposeScope();
        Assert.All(
            new[] { zeros(28, 28), zeros(4, 28, 28), zeros(2, 1, 28, 28), zeros(1, 0, 28), zeros(1, 28, 28, dtype: ScalarType.Int64), zeros([1, 1, 1, 28, 28]) },
            tensor => Assert.Equal("DIF0451", Assert.Throws<DiffusionException>(() => Image.FromTensor(tensor)).Id));
        Assert.Equal("DIF0451", Assert.Throws<DiffusionException>(() => Image.FromBatch(zeros(3, 28, 28))).Id);
        Assert.Equal("DIF0452", Assert.Throws<DiffusionException>(() => Image.FromTensor(zeros(1, 2, 2) / 0)).Id);
        Assert.Equal("DIF0454", Assert.Throws<DiffusionException>(() => Image.ToBatch([])).Id);
        Assert.Equal("DIF0453", Assert.Throws<DiffusionException>(() => Image.ToBatch([ImageTests.Pattern(2, 2, 1), ImageTests.Pattern(2, 2, 3)])).Id);
    }
}
