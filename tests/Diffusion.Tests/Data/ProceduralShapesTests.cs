using System;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Shapes;

namespace Diffusion.Tests.Data;

public sealed class ProceduralShapesTests
{
    private const int Many = 400;

    [Fact]
    public void ASampleIsAFunctionOfSeedAndIndex()
    {
        var (one, again) = (new ProceduralShapes(7).Sample(3), new ProceduralShapes(7).Sample(3));
        Assert.Equal(one, again);
        Assert.Equal(one.Draw(), again.Draw());
        Assert.NotEqual(one.Scene, new ProceduralShapes(8).Sample(3).Scene);
        Assert.NotEqual(one.Scene, new ProceduralShapes(7).Sample(4).Scene);
    }

    [Fact]
    public void TrainingNeverSeesAPairThatIsHeldOut()
    {
        var shapes = new ProceduralShapes(1);
        Assert.DoesNotContain(Enumerable.Range(0, 4000).SelectMany(i => shapes.Sample(i).Scene.Objects), item => ScenePalette.IsHeldOut(item.Color, item.Kind));
        Assert.Equal(ScenePalette.Colors, ScenePalette.HeldOut.Select(pair => pair.Color).Order());
    }

    [Fact]
    public void EveryHeldOutSceneHasAPairThatTrainingNeverSaw()
    {
        var shapes = new ProceduralShapes(1, SceneSplit.HeldOut);
        Assert.All(Enumerable.Range(0, Many), i => Assert.Contains(shapes.Sample(i).Scene.Objects, item => ScenePalette.IsHeldOut(item.Color, item.Kind)));
    }

    [Fact]
    public void AllKindsColoursSizesTexturesPlacesAndRelationsOccur()
    {
        var scenes = Enumerable.Range(0, 2000).Select(i => new ProceduralShapes(2, SceneSplit.All).Sample(i).Scene).ToArray();
        var objects = scenes.SelectMany(scene => scene.Objects).ToArray();
        Assert.Equal(88, objects.Select(item => (item.Kind, item.Color)).Distinct().Count());
        Assert.Equal(6, objects.Select(item => (item.Size, item.Texture)).Distinct().Count());
        Assert.Equal(Enum.GetValues<ScenePosition>(), scenes.Select(scene => scene.Position).OfType<ScenePosition>().Distinct().Order());
        Assert.Equal(Enum.GetValues<SceneRelation>(), scenes.Select(scene => scene.Relation).OfType<SceneRelation>().Distinct().Order());
        Assert.Equal(11, scenes.Select(scene => scene.Background.Color).Distinct().Count());
        Assert.Contains(scenes, scene => scene.Background.Bottom is not null);
    }

    [Fact]
    public void ObjectsStayInThePictureAndApart()
    {
        foreach (var scene in Enumerable.Range(0, Many).Select(i => new ProceduralShapes(3).Sample(i).Scene))
        {
            Assert.All(scene.Objects, item => Assert.InRange(Math.Min(Math.Min(item.X, item.Y), Scene.Size - Math.Max(item.X, item.Y)) - (item.Diameter / 2), 0, Scene.Size));
            if (scene.Objects.Count == 2)
                Assert.True(Math.Max(Math.Abs(scene.Objects[0].X - scene.Objects[1].X), Math.Abs(scene.Objects[0].Y - scene.Objects[1].Y)) > (scene.Objects[0].Diameter + scene.Objects[1].Diameter) / 2);
        }
    }

    [Fact]
    public void TheReaderSeesEverySceneAsItWasDrawn()
    {
        var shapes = new ProceduralShapes(4, SceneSplit.All);
        Assert.All(Enumerable.Range(0, 120), i =>
        {
            var scene = shapes.Sample(i).Scene;
            Assert.True(SceneJudge.Judge(SceneRequest.Of(scene), scene.Draw()).All, $"sample {i}: {shapes.Sample(i).Caption}");
        });
    }

    [Fact]
    public void TheJudgeNamesWhatIsWrong()
    {
        var shown = Circle(SceneColor.Red).Draw();
        Assert.Equal(new SceneVerdict(true, true, true, true, true, true), SceneJudge.Judge(Asked(SceneColor.Red, ShapeKind.Circle), shown));
        Assert.Equal(new SceneVerdict(true, true, false, true, true, true), SceneJudge.Judge(Asked(SceneColor.Blue, ShapeKind.Circle), shown));
        Assert.Equal(new SceneVerdict(true, false, true, true, true, true), SceneJudge.Judge(Asked(SceneColor.Red, ShapeKind.Star), shown));
        Assert.False(SceneJudge.Judge(Asked(SceneColor.Red, ShapeKind.Circle) with { Position = ScenePosition.Left }, shown).Place);
        Assert.False(SceneJudge.Judge(Asked(SceneColor.Red, ShapeKind.Circle) with { Background = new SceneBackground(SceneColor.Green) }, shown).Background);
        Assert.False(SceneJudge.Judge(new SceneRequest(EquatableArray.Of(new ObjectRequest(ShapeKind.Circle), new ObjectRequest(ShapeKind.Star))), shown).Count);
    }

    [Fact]
    public void AGradientIsReadAsItsTwoColours()
    {
        var scene = Circle(SceneColor.Red) with { Background = new SceneBackground(SceneColor.Black, SceneColor.Cyan) };
        Assert.Equal(scene.Background, SceneReader.Read(scene.Draw()).Background);
    }

    [Fact]
    public void ReadingNeedsAPictureOfTheRightSize() =>
        Assert.Equal("DIF0410", Assert.Throws<DiffusionException>(() => SceneReader.Read(new Image(8, 8, 3, new byte[192]))).Id);

    [Fact]
    public void ADistortedCaptionSaysSomethingElseInAsManyWords()
    {
        var shapes = new ProceduralShapes(5);
        foreach (var caption in Enumerable.Range(0, Many).Select(i => shapes.Sample(i).Caption))
        {
            var other = CaptionDistortion.Distort(caption, 11);
            Assert.NotEqual(caption, other);
            Assert.Equal(caption.Split(' ').Length, other.Split(' ').Length);
            Assert.DoesNotContain("an red", other, StringComparison.Ordinal);
            Assert.Equal(other, CaptionDistortion.Distort(caption, 11));
        }

        Assert.Equal("there is nothing", CaptionDistortion.Distort("there is nothing", 1));
    }

    [Fact]
    public void TrainingSeesNoHeldOutPairInFalseCaptionsEither()
    {
        var shapes = new ProceduralShapes(5);
        var pairs = ScenePalette.HeldOut.Select(pair => (pair.Color.ToString().ToLowerInvariant(), pair.Kind.ToString().ToLowerInvariant())).ToArray();
        var (any, training) = (0, 0);
        foreach (var (caption, i) in Enumerable.Range(0, 2000).Select(i => (shapes.Sample(i).Caption, i)))
        {
            any += Names(CaptionDistortion.Distort(caption, i)) ? 1 : 0;
            var other = CaptionDistortion.DistortInTraining(caption, i);
            training += Names(other) ? 1 : 0;
            Assert.NotEqual(caption, other);
        }

        Assert.InRange(any, 20, 2000);
        Assert.Equal(0, training);

        bool Names(string caption) => pairs.Any(pair => caption.Contains($"{pair.Item1} {pair.Item2}", StringComparison.Ordinal));
    }

    [Fact]
    public void AsADataSetItHasCaptionsAndAnEnd()
    {
        var data = new ShapeData(new ProceduralShapes(6), 10);
        Assert.Equal(new ProceduralShapes(6).Sample(9).Caption, data.Read(9).Caption);
        Assert.Equal("DIF0456", Assert.Throws<DiffusionException>(() => data.Read(10)).Id);
        Assert.Equal("DIF0456", Assert.Throws<DiffusionException>(() => data.Shapes.Sample(-1)).Id);
    }

    private static SceneRequest Asked(SceneColor color, ShapeKind kind) => new(EquatableArray.Of(new ObjectRequest(kind, color)), new SceneBackground(SceneColor.White), ScenePosition.Center);

    private static Scene Circle(SceneColor color) =>
        new(new SceneBackground(SceneColor.White), EquatableArray.Of(new SceneObject(ShapeKind.Circle, color, ObjectSize.Large, ObjectTexture.Plain, 32, 32, 30)), ScenePosition.Center, null);
}
