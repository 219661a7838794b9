#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package System.CommandLine

// Trains the networks of models/shapes, a text-to-image model of its own, from nothing. From the repository's root, one after the other:
//
//     dotnet run -c Release examples/train_shapes.cs -- autoencoder      the AutoencoderKL: pictures to latents and back
//     dotnet run -c Release examples/train_shapes.cs -- clip             the CLIPModel and its vocabulary: captions and pictures in one space
//     dotnet run -c Release examples/train_shapes.cs -- parts            what the next one starts from
//     dotnet run -c Release examples/train_shapes.cs -- unet             the UNet2DConditionModel: noise to latents, as a caption says; the text tower learns with it
//     dotnet run -c Release examples/train_shapes.cs -- vision           the CLIPModel again: pictures to what the text tower has become
//     dotnet run -c Release examples/train_shapes.cs -- --from-scratch   all of it, then models/shapes
//
//     dotnet run -c Release examples/train_shapes.cs -- assemble         models/shapes of what was trained, in float16
//
// Each is resumed with --resume after Ctrl+C, a crash or a kill: the same run, bit for bit; --minutes 110 trains a piece. docs/models/shapes.md tells the runs that made
// models/shapes. out/shapes holds checkpoints, metrics, loss curves, sample grids and, at the end of each, a model folder.
using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime;
using Diffusion.Runtime.Data;
using Diffusion.Runtime.Data.Shapes;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Text;
using Diffusion.Runtime.Training;
using TorchSharp;
using static Diffusion.Dsl.LearningRates;
using static Diffusion.Dsl.Objectives;
using static Diffusion.Dsl.Optimizers;
using static Diffusion.Dsl.Schedulers;
using static Diffusion.Dsl.TimestepSamplings;

const string Root = "out/shapes";

// Optimiser steps of the finished networks.
const int AutoencoderSteps = 12_000;
const int ClipSteps = 3300;
const int UnetSteps = 26_000;
const int VisionSteps = 3000;

var steps = new Option<int?>("--steps") { Description = "Optimiser steps; the default is what made models/shapes" };
var minutes = new Option<double?>("--minutes") { Description = "Ends the piece behind so many minutes, to be resumed" };
var resume = new Option<bool>("--resume") { Description = "Go on from the folder's checkpoint" };
var target = new Option<string>("--out") { Description = "The finished model's folder", DefaultValueFactory = _ => "models/shapes" };
var precision = new Option<Precision>("--precision") { Description = "The number format of the passes; Float32 where the processor lacks BFloat16", DefaultValueFactory = _ => Precision.BFloat16 };
var scratch = new Option<bool>("--from-scratch") { Description = "Train all networks, one after the other" };

var autoencoder = new Command("autoencoder", "Trains the AutoencoderKL.") { steps, resume, minutes };
autoencoder.SetAction(given => Autoencoder(given.GetValue(steps) ?? AutoencoderSteps, given.GetValue(resume), Until(given)));
var clip = new Command("clip", "Trains the CLIPModel.") { steps, resume, minutes, precision };
clip.SetAction(given => Clip(given.GetValue(steps) ?? ClipSteps, given.GetValue(resume), given.GetValue(precision), Until(given)));
var unet = new Command("unet", "Trains the UNet2DConditionModel.") { steps, resume, minutes, precision };
unet.SetAction(given => Unet(given.GetValue(steps) ?? UnetSteps, given.GetValue(resume), given.GetValue(precision), Until(given)));
var vision = new Command("vision", "Trains the CLIPModel towards the text tower of the UNet2DConditionModel.") { steps, resume, minutes, precision };
vision.SetAction(given => Vision(given.GetValue(steps) ?? VisionSteps, given.GetValue(resume), given.GetValue(precision), Until(given)));
var assemble = new Command("assemble", "Writes models/shapes.") { target };
assemble.SetAction(given => Assemble(given.GetValue(target)!));
var parts = new Command("parts", "Puts together what the UNet2DConditionModel learns with.");
parts.SetAction(_ => Parts());

var command = new RootCommand("Trains the networks of models/shapes.") { autoencoder, clip, parts, unet, vision, assemble, scratch, precision };
command.SetAction(given => given.GetValue(scratch)
    ? new Func<int>[]
    {
        () => Autoencoder(AutoencoderSteps, resumes: true, default),
        () => Clip(ClipSteps, resumes: true, given.GetValue(precision), default),
        Parts,
        () => Unet(UnetSteps, resumes: true, given.GetValue(precision), default),
        () => Vision(VisionSteps, resumes: true, given.GetValue(precision), default),
        () => Assemble(given.GetValue(target)!),
    }.Select(stage => stage()).FirstOrDefault(code => code != 0)
    : command.Parse("--help").Invoke());
return command.Parse(args).Invoke();

int Autoencoder(int length, bool resumes, CancellationToken stop)
{
    var config = new AutoencoderKLConfig(LayersPerBlock: 1, SampleSize: EquatableArray.Of(64)).WithLevels(16, 40, 80).WithNormNumGroups(8).WithMidBlockAttention(false);
    var training = Train.Custom("shapes autoencoder").On(Scenes(1)).Optimizer(AdamW(1.5e-3)).Schedule(Cosine(warmup: 300)).Batch(32).Ema(0.999).Steps(length).Seed(1);
    using var trainer = training.Start(new AutoencoderTask(AutoencoderKL.FromConfig(config, seed: 1)) { Window = 32 }, Options("autoencoder", resumes));
    return trainer.RunOnConsole(stop) is null ? 130 : 0;
}

int Clip(int length, bool resumes, Precision format, CancellationToken stop)
{
    var data = Scenes(2);
    var tokenizer = ClipTokenizer.Train(Enumerable.Range(0, 20_000).Select(i => data.Shapes.Sample(i).Caption), settings: new ClipTokenizerSettings().WithMaxLength(32));
    var config = new ClipConfig(
        new ClipTextConfig(tokenizer.VocabularySize, HiddenSize: 128, IntermediateSize: 512, ProjectionDim: 128, NumHiddenLayers: 4, NumAttentionHeads: 4, MaxPositionEmbeddings: 32,
            PadTokenId: tokenizer.PadId, BosTokenId: tokenizer.StartId, EosTokenId: tokenizer.EndId),
        new ClipVisionConfig(HiddenSize: 128, IntermediateSize: 512, ProjectionDim: 128, NumHiddenLayers: 4, NumAttentionHeads: 4, ImageSize: 64, PatchSize: 8),
        ProjectionDim: 128);
    var model = ClipModel.FromConfig(config, seed: 2);

    // Which word it is, and where a patch lies, is heard beside what attention makes of them: drawn as small as usual, both drown before they are learnt.
    using (torch.no_grad())
    {
        model.get_parameter("text_model.embeddings.token_embedding.weight")!.mul_(30);
        model.get_parameter("text_model.embeddings.position_embedding.weight")!.mul_(15);
        using var places = Places(8, 128);
        model.get_parameter("vision_model.embeddings.position_embedding.weight")!.narrow(0, 1, 64).copy_(places);
    }

    return Contrast(Train.Custom("shapes clip").On(data).Seed(2).Steps(length), model, tokenizer, format, Options("clip", resumes), stop);
}

// The text tower is what the denoiser made of it, and stays so.
int Vision(int length, bool resumes, Precision format, CancellationToken stop)
{
    var tokenizer = ClipTokenizer.Load(Path.Combine(Root, "clip", "model"));
    var model = ClipModel.FromPretrained(Path.Combine(Root, "clip", "model"));
    using (var text = ClipTextModel.FromPretrained(Path.Combine(Root, "unet", "model", "text_encoder")))
        model.load_state_dict(text.state_dict(), strict: false);
    return Contrast(Train.Custom("shapes clip, text locked").On(Scenes(5)).Seed(5).Steps(length), model, tokenizer, format, Options("vision", resumes), stop, locksText: true);
}

// What both trainings of the CLIPModel have in common.
static int Contrast(Training training, ClipModel model, ClipTokenizer tokenizer, Precision format, TrainerOptions options, CancellationToken stop, bool locksText = false)
{
    var task = new ContrastiveTask(model, tokenizer, format) { Distort = CaptionDistortion.DistortInTraining, FalseCaptions = 4, Noise = 0.3, TextLocked = locksText };
    using var trainer = training.Optimizer(AdamW(1e-3)).Schedule(Cosine(warmup: 400)).Batch(64).Ema(0.998).Precision(format).Start(task, options);
    return trainer.RunOnConsole(stop) is null ? 130 : 0;
}

// The autoencoder with the scale that gives its latents unit variance, and the text tower as the text encoder.
int Parts()
{
    using var scope = torch.NewDisposeScope();
    using var vae = AutoencoderKL.FromPretrained(Path.Combine(Root, "autoencoder", "model"));
    var scenes = Scenes(4);
    using var pictures = Image.ToBatch(Enumerable.Range(0, 512).Select(i => scenes.Read(i).Image));
    double deviation;
    using (torch.no_grad())
    {
        using var latents = vae.Encode(pictures);
        deviation = latents.Mean.std().item<float>();
    }

    using var scaled = AutoencoderKL.FromConfig(vae.Config.WithScaling(Math.Round(1 / deviation, 4)));
    scaled.load_state_dict(vae.state_dict());
    scaled.SavePretrained(Path.Combine(Root, "parts", "vae"));
    using var text = ClipTextModel.FromPretrained(Path.Combine(Root, "clip", "model"));
    text.SavePretrained(Path.Combine(Root, "parts", "text_encoder"));
    ClipTokenizer.Load(Path.Combine(Root, "clip", "model")).Save(Path.Combine(Root, "parts", "tokenizer"));
    Console.WriteLine(FormattableString.Invariant($"{Root}/parts: latents deviate by {deviation:F4}"));
    return 0;
}

int Unet(int length, bool resumes, Precision format, CancellationToken stop)
{
    var known = Pretrained.From(Path.Combine(Root, "parts"));
    var config = new UNet2DConditionConfig(InChannels: 4, OutChannels: 4, NormNumGroups: 16, MidBlockType: null)
        .WithSampleSize(16).WithBlockOutChannels(48, 96, 128).WithLayersPerBlock(1, 1, 1).WithCrossAttentionDim(128).WithHeads(4)
        .WithBlocks("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D");
    var training = Train.Ddpm(config).Text(known.Clip).TrainText().Vae(known.Vae)
        .On(Scenes(3)).Objective(Velocity).Timesteps(LogitNormal(-0.2, 1)).DropCaptions(0.1)
        .Optimizer(AdamW(1e-3)).Schedule(Cosine(warmup: Math.Min(500, length / 5))).Batch(64).Ema(0.999)
        .Precision(format).Steps(length).Seed(3);
    return training.RunOnConsole(Options("unet", resumes).WithSampleScheduler(Ddim(25)), stop) is null ? 130 : 0;
}

// A folder in the layout of Stable Diffusion, and the whole CLIP model beside it.
int Assemble(string folder)
{
    var made = Path.Combine(Root, "unet", "model");
    using (var vae = AutoencoderKL.FromPretrained(Path.Combine(made, "vae")))
        vae.SavePretrained(Path.Combine(folder, "vae"), torch.ScalarType.Float16);
    using (var text = ClipTextModel.FromPretrained(Path.Combine(made, "text_encoder")))
        text.SavePretrained(Path.Combine(folder, "text_encoder"), torch.ScalarType.Float16);
    using (var network = UNet2DConditionModel.FromPretrained(Path.Combine(made, "unet")))
        network.SavePretrained(Path.Combine(folder, "unet"), torch.ScalarType.Float16);
    using (var whole = ClipModel.FromPretrained(Path.Combine(Root, "vision", "model")))
        whole.SavePretrained(Path.Combine(folder, "clip_model"), torch.ScalarType.Float16);
    var tokenizer = ClipTokenizer.Load(Path.Combine(Root, "clip", "model"));
    tokenizer.Save(Path.Combine(folder, "tokenizer"));
    tokenizer.Save(Path.Combine(folder, "clip_model"));
    Directory.CreateDirectory(Path.Combine(folder, "scheduler"));
    foreach (var file in new[] { "model_index.json", Path.Combine("scheduler", "scheduler_config.json") })
        File.Copy(Path.Combine(made, file), Path.Combine(folder, file), overwrite: true);
    Console.WriteLine(FormattableString.Invariant($"{folder}: {Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length) / 1e6:F1} MB"));
    return 0;
}

// Sines and cosines of column and row, from half a turn across the picture to one every second patch: [side * side, width].
static torch.Tensor Places(int side, int width)
{
    using var scope = torch.NewDisposeScope();
    var turns = Math.PI / side * torch.pow(side, torch.linspace(0, 1, width / 4));
    var angles = torch.arange(side).unsqueeze(1) * turns;
    var line = 0.5 * torch.cat([angles.sin(), angles.cos()], 1);
    return torch.cat([line.repeat(side, 1), line.repeat_interleave(side, 0)], 1).MoveToOuterDisposeScope();
}

CancellationToken Until(ParseResult given) => given.GetValue(minutes) is { } count ? new CancellationTokenSource(TimeSpan.FromMinutes(count)).Token : default;

static ShapeData Scenes(long seed) => new(new ProceduralShapes(seed), Count: 4_000_000);

static TrainerOptions Options(string name, bool resumes) => new(Path.Combine(Root, name)) { Resume = resumes, SaveEvery = 250, SampleEvery = 500, SampleCount = 32 };
