// The quickstart as a C# script: dotnet script examples/quickstart.csx, after `dotnet build src/Diffusion.Runtime`.
// No generator runs for scripts: the same compiler runs in memory and gives the same sampler.
#r "../src/Diffusion.Runtime/bin/Debug/net10.0/Diffusion.Dsl.dll"
#r "../src/Diffusion.Runtime/bin/Debug/net10.0/Diffusion.Runtime.dll"
using Diffusion.Dsl;
using static Diffusion.Dsl.Schedulers;

var digits = Pretrained.From("models/digits");
var run = Pipeline.From(digits.Unet).Scheduler(Ddim(10)).Compile().Load();
var images = run.Generate(count: 8, seed: 42);
images.Grid(columns: 8).Enlarge(4).Save("digits.png");
Console.WriteLine(run.Compiled.Origin);
run.Dispose();
