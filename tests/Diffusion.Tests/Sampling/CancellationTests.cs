using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Compilation;
using Diffusion.Runtime.Layers;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Sampling;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;
using static TorchSharp.torch;

namespace Diffusion.Tests.Sampling;

/// <summary>A call that is cancelled while a network runs ends before the network's next resnet.</summary>
public sealed class CancellationTests(TinyStableDiffusion sd) : IClassFixture<TinyStableDiffusion>
{
    private const string Prompt = "a photo of a small house";

    private static readonly CompileOptions Options = CompileOptions.Default.WithCacheDirectory("");

    private static readonly Image Picture = new(16, 16, 3, new byte[16 * 16 * 3]);

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void AStepEndsBeforeItsNextBlock(bool hoistsTimes, bool hoistsText)
    {
        using var run = Load(Options.WithHoistTimes(hoistsTimes).WithHoistText(hoistsText));
        var unet = ((UNet2DConditionNetwork)run.Models.Network.Stay()).Model;
        var resnets = Resnets(unet);
        var steps = 0;
        using var blocks = new CancelAt(unet, resnets + 3); // the third of the second step

        Assert.Throws<OperationCanceledException>(() => run.Generate(Prompt, progress: new Report(progress => steps = progress.Step), cancellation: blocks.Token));
        Assert.Equal((resnets + 3, 1), (blocks.Seen, steps));
        Assert.True(resnets > 4);
    }

    [Fact]
    public async Task AStreamEndsBeforeItsNextBlock()
    {
        using var run = Load(Options);
        var unet = ((UNet2DConditionNetwork)run.Models.Network.Stay()).Model;
        var steps = 0;
        using var blocks = new CancelAt(unet, Resnets(unet) + 3);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var step in run.Stream(Prompt, cancellation: blocks.Token))
                steps++;
        });
        Assert.Equal((Resnets(unet) + 3, 1), (blocks.Seen, steps));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void DecodingEndsBeforeItsNextBlock(int resnet)
    {
        using var run = Load(Options);
        var stage = SamplingStage.TextEncoding;
        using var blocks = new CancelAt(run.Models.Vae!.Stay(), resnet);

        Assert.Throws<OperationCanceledException>(() => run.Generate(Prompt, progress: new Report(progress => stage = progress.Stage), cancellation: blocks.Token));
        Assert.Equal((resnet, SamplingStage.Decoding), (blocks.Seen, stage));
    }

    [Fact]
    public async Task AStepsOwnDecodingMayBeCancelledAndAskedForAgain()
    {
        using var run = Load(Options);
        StreamedStep? last = null;
        await foreach (var step in run.Stream(Prompt))
            last = step;
        using var blocks = new CancelAt(run.Models.Vae!.Stay(), 2);

        Assert.Throws<OperationCanceledException>(() => last!.Pictures(blocks.Token));
        Assert.Equal(2, blocks.Seen);
        Assert.Equal(run.Generate(Prompt), last!.X);
    }

    [Theory]
    [InlineData("depth")]
    [InlineData("small")]
    [InlineData("prompts")]
    [InlineData("walk")]
    public void EveryCallEndsBeforeItsNextBlock(string call)
    {
        var upscaler = Pretrained.From(Path.Combine(sd.Folder, "upscaler"));
        var pipeline = call switch
        {
            "depth" => sd.Pipeline.Unet(Pretrained.From(Path.Combine(sd.Folder, "depth")).Unet).Noise(NoiseSchedule.StableDiffusion),
            "small" => Pipeline.From(upscaler.Vae).Text(upscaler.Clip).Unet(upscaler.Unet),
            _ => sd.Pipeline,
        };
        using var run = pipeline.Scheduler(Ddim(3)).Guidance(Cfg(5)).Compile(Options).Load();
        var stages = new List<SamplingStage>();
        var progress = new Report(now => stages.Add(now.Stage));
        using var blocks = new CancelAt(((UNet2DConditionNetwork)run.Models.Network.Stay()).Model, 3);

        Assert.Throws<OperationCanceledException>(() => call switch
        {
            "depth" => run.DepthToImage(Picture, new Image(2, 1, 1, [0, 255]), Prompt, progress: progress, cancellation: blocks.Token),
            "small" => run.Upscale(Picture, Prompt, progress: progress, cancellation: blocks.Token),
            "prompts" => run.Generate([Dsl.Prompt.Of(Prompt).WithScale(2)], progress: progress, cancellation: blocks.Token),
            _ => run.Walk(1, 2, 3, Prompt, progress: progress, cancellation: blocks.Token),
        });
        Assert.Equal(3, blocks.Seen);
        Assert.Equal([SamplingStage.TextEncoding], stages);
    }

    [Fact]
    public void EncodingAPictureEndsBeforeItsNextBlock()
    {
        using var run = Load(Options);
        using var blocks = new CancelAt(run.Models.Vae!.Stay(), 2);

        Assert.Throws<OperationCanceledException>(() => run.Inpaint(Picture, Picture, Prompt, cancellation: blocks.Token));
        Assert.Equal(2, blocks.Seen);
    }

    [Fact]
    public void TilesAreNotBegunBehindACancellation()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        using var vae = AutoencoderKL.FromConfig(new AutoencoderKLConfig(NormNumGroups: 4, SampleSize: EquatableArray.Of(16)).WithLevels(8, 16));
        using var blocks = new CancelAt(vae, Resnets(Decoder(vae)) + 1); // in the second tile
        var latents = zeros(1, 4, 24, 24);

        Assert.Throws<OperationCanceledException>(() => vae.Decode(latents, VaeMemory.Tiled(16), blocks.Token));
        Assert.Equal(Resnets(Decoder(vae)) + 1, blocks.Seen);
    }

    [Fact]
    public void NetworksOnPixelsStopToo()
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var tiny = new UNet2DConfig(
            SampleSize: EquatableArray.Of(8),
            InChannels: 1,
            OutChannels: 1,
            DownBlockTypes: EquatableArray.Of("DownBlock2D"),
            UpBlockTypes: EquatableArray.Of("UpBlock2D"),
            BlockOutChannels: EquatableArray.Of(8),
            NormNumGroups: 4);
        using var plain = UNet2DModel.FromConfig(tiny);
        using var classes = ClassConditionedUNet.FromConfig(new ClassConditionedUNetConfig(tiny, Classes: 3));
        var x = zeros(1, 1, 8, 8);
        foreach (var prepared in new[] { true, false })
        {
            Stops(plain, new UNet2DNetwork(plain, owns: false), Conditions.None, prepared);
            Stops(classes, new ClassConditionedNetwork(classes, owns: false), Conditions.None.WithLabels(EquatableArray.Of(1)), prepared);
        }

        void Stops(nn.Module model, INetwork network, Conditions conditions, bool prepared)
        {
            using (network)
            {
                using var blocks = new CancelAt(model, 2);
                if (prepared)
                    network.Prepare([5]);
                Assert.Throws<OperationCanceledException>(() => network.Predict(x, 5, Conditioning.Conditional, conditions, blocks.Token));
                Assert.Equal(2, blocks.Seen);
                Assert.Equal([1, 1, 8, 8], network.Predict(x, 5, Conditioning.Conditional, conditions).shape);
            }
        }
    }

    private static nn.Module Decoder(AutoencoderKL vae) => vae.named_children().Single(part => part.name == "decoder").module;

    private static int Resnets(nn.Module model) => model.modules().OfType<ResnetBlock2D>().Count();

    private LoadedPipeline Load(CompileOptions options) => sd.Pipeline.Scheduler(Ddim(3)).Guidance(Cfg(5)).Compile(options).Load();

    private sealed class Report(Action<SamplingProgress> report) : IProgress<SamplingProgress>
    {
        void IProgress<SamplingProgress>.Report(SamplingProgress value) => report(value);
    }
}
