// Text to image as an F# script: dotnet fsi examples/text_to_image.fsx, after `dotnet build src/Diffusion.Runtime`.
// The same pictures as `dotnet run examples/text_to_image.cs -- "a red circle on a blue background"` for the same seed.
#r "../src/Diffusion.Runtime/bin/Debug/net10.0/Diffusion.Dsl.dll"
#r "../src/Diffusion.Runtime/bin/Debug/net10.0/Diffusion.Runtime.dll"

open Diffusion.Dsl
open type Diffusion.Dsl.Guiders
open type Diffusion.Dsl.Schedulers

let shapes = Pretrained.From "models/shapes"

let pipeline =
    Pipeline.From(shapes.Vae).Text(shapes.Clip).Unet(shapes.Unet).Scheduler(DpmSolver 20).Guidance(Cfg 3.5)

let run = pipeline.Compile().Load()
let images = run.Generate("a red circle on a blue background", count = 4, seed = 42L)
images.Grid(columns = 4, padding = 4, background = 64uy).Enlarge(2).Save "circle.png"
run.Dispose()
