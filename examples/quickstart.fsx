// The quickstart as an F# script: dotnet fsi examples/quickstart.fsx, after `dotnet build src/Diffusion.Runtime`.
// No generator runs for F#: the same compiler runs in memory and gives the same sampler.
#r "../src/Diffusion.Runtime/bin/Debug/net10.0/Diffusion.Dsl.dll"
#r "../src/Diffusion.Runtime/bin/Debug/net10.0/Diffusion.Runtime.dll"

open Diffusion.Dsl
open type Diffusion.Dsl.Schedulers

let digits = Pretrained.From "models/digits"

let sampler steps = Pipeline.From(digits.Unet).Scheduler(Ddim steps).Compile()

let run = (sampler 10).Load()
let images = run.Generate(count = 8, seed = 42L)
images.Grid(columns = 8).Enlarge(4).Save "digits.png"
printfn "%O" run.Compiled.Origin
run.Dispose()
