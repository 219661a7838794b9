using System;
using System.IO;
using System.Linq;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Training;
using static Diffusion.Dsl.Optimizers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Training;

public sealed class TrainerErrorTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("diffusion-trainer-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void ALossThatIsNoNumberStopsBeforeItIsLearntFrom()
    {
        // The parameters overflow at the second step; the checkpoint of the first one stays.
        var training = Tiny.Training().Optimizer(AdamW(1e25)).WithMaxGradientNorm(null).Steps(10);
        using var trainer = training.Start(Options().WithSaveEvery(1));
        var error = Assert.Throws<DiffusionException>(() => trainer.Run());
        Assert.Equal("DIF0229", error.Id);
        Assert.Matches("the loss of step 2 is .* at the learning rate 1E\\+25; the last good checkpoint is .*checkpoint.safetensors, of step 1; lower the learning rate", error.Message);
        Assert.Equal(1, TrainingCheckpoint.Steps(trainer.CheckpointPath));
        Assert.Single(MetricsLog.Read(folder.FullName));
        Assert.False(Directory.Exists(Path.Combine(folder.FullName, "model")));
    }

    [Fact]
    public void WithoutACheckpointTheSentenceSaysSo()
    {
        using var trainer = Tiny.Training().Optimizer(AdamW(1e25)).WithMaxGradientNorm(null).Steps(10).Start(Options());
        Assert.Contains("there is no checkpoint yet", Assert.Throws<DiffusionException>(() => trainer.Run()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderIsNeverOverwrittenWithoutAWord()
    {
        Tiny.Training().Steps(1).Run(Options());
        var before = Snapshot();
        Assert.Equal("DIF0231", Assert.Throws<DiffusionException>(() => Tiny.Training().Steps(1).Run(Options())).Id);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void ACheckpointOfAnotherTrainingIsRefused()
    {
        Tiny.Training().Steps(1).Run(Options());
        var before = Snapshot();
        var error = Assert.Throws<DiffusionException>(() => Tiny.Training().Batch(2).Steps(1).Run(Options().WithResume()));
        Assert.Equal("DIF0230", error.Id);
        Assert.Contains("Batch(4)", error.Message, StringComparison.Ordinal);
        Assert.Contains("Batch(2)", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void WeightsThatAreNoRunAreRefused()
    {
        Directory.CreateDirectory(folder.FullName);
        Tiny.Training().Steps(1).Run(Options("other"));
        File.Copy(Path.Combine(folder.FullName, "other", "model", "unet", "diffusion_pytorch_model.safetensors"), Path.Combine(folder.FullName, "checkpoint.safetensors"));
        Assert.Equal("DIF0564", Assert.Throws<DiffusionException>(() => Tiny.Training().Steps(1).Run(Options().WithResume())).Id);
    }

    [Fact]
    public void PicturesOfOtherChannelsAreRefused()
    {
        var error = Assert.Throws<DiffusionException>(() => Tiny.Training().On(Tiny.Pictures(4, channels: 3)).Steps(1).Run(Options()));
        Assert.Equal("DIF0228", error.Id);
        Assert.Contains("are [3, 8, 8], but the network takes [1, H, W]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PicturesOfOtherSizesAreNamed()
    {
        var mixed = ImageListData.Of([Tiny.Pictures(1).Images[0], Tiny.Pictures(1).Images[0].Enlarge(2)]);
        Assert.Equal("DIF0453", Assert.Throws<DiffusionException>(() => Tiny.Training().On(mixed).Batch(2).Steps(1).Run(Options())).Id);
    }

    [Fact]
    public void ALabelOutOfRangeNamesItsPicture()
    {
        var training = Train.Ddpm(Tiny.Config with { NumClassEmbeds = 3 }).On(new Labelled(7)).Batch(4).Steps(1);
        var error = Assert.Throws<DiffusionException>(() => training.Run(Options()));
        Assert.Equal("DIF0226", error.Id);
        Assert.Contains("picture 2 has the label 7, but the network knows 3 classes, 0 to 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ANetworkOfClassesNeedsLabels() =>
        Assert.Equal("DIF0233", Assert.Throws<DiffusionException>(() => Train.Ddpm(Tiny.Config with { NumClassEmbeds = 3 }).On(Tiny.Pictures(4)).Batch(4).Steps(1).Run(Options())).Id);

    [Fact]
    public void ACustomNetworkMustBeBrought() =>
        Assert.Equal("DIF0234", Assert.Throws<DiffusionException>(() => Train.Custom("mine").On(Tiny.Pictures(4)).Steps(1).Run(Options())).Id);

    [Fact]
    public void Float16IsRefused() =>
        Assert.Equal("DIF0232", Assert.Throws<DiffusionException>(() => Tiny.Training().Precision(Precision.Float16).Steps(1).Run(Options())).Id);

    [Fact]
    public void DataThatCannotBeReadAreRefused() =>
        Assert.Equal("DIF0235", Assert.Throws<DiffusionException>(() => Tiny.Training().On(new Catalogue()).Steps(1).Run(Options())).Id);

    [Fact]
    public void NothingIsWrittenForADefinitionThatIsWrong()
    {
        Assert.Throws<DiffusionException>(() => Tiny.Training().Run(Options("new")));
        Assert.False(Directory.Exists(Path.Combine(folder.FullName, "new")));
    }

    private TrainerOptions Options(string name = "") => new(Path.Combine(folder.FullName, name));

    private string Snapshot() => string.Join("\n", folder.EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal).Select(file => file.FullName + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file.FullName)))));

    private sealed class Catalogue : ITrainingData
    {
        public string Name => "my catalogue";

        public int Count => 4;

        public System.Collections.Generic.IReadOnlyList<string> Classes => [];
    }

    // Picture 2 has a label of its own, the others 0.
    private sealed class Labelled(int label) : IImageData
    {
        private readonly ImageListData pictures = Tiny.Pictures(4);

        public string Name => "labelled pictures";

        public int Count => pictures.Count;

        public System.Collections.Generic.IReadOnlyList<string> Classes => [];

        public ImageSample Read(int index) => pictures.Read(index).WithLabel(index == 2 ? label : 0);
    }
}
