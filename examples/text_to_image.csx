// Text to image as a C# script: dotnet script examples/text_to_image.csx, after `dotnet build src/Diffusion.Runtime`.
// The same pictures as `dotnet run examples/text_to_image.cs -- "a red circle on a blue background"` for the same seed.
#r "../src/Diffusion.Runtime/bin/Debug/net10.0/Diffusion.Dsl.dll"
#r "../src/Diffusion.Runtime/bin/Debug/net10.0/Diffusion.Runtime.dll"
using Diffusion.Dsl;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

var shapes = Pretrained.From("models/shapes");
var pipeline = Pipeline.From(shapes.Vae).Text(shapes.Clip).Unet(shapes.Unet).Scheduler(DpmSolver(20)).Guidance(Cfg(3.5));
var run = pipeline.Compile().Load();
var images = run.Generate("a red circle on a blue background", count: 4, seed: 42);
images.Grid(columns: 4, padding: 4, background: 64).Enlarge(2).Save("circle.png");
run.Dispose();
