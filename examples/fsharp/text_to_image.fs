/// Words to pictures in F#, from the repository's root:
///
///     dotnet run --project examples/fsharp -- "a red circle on a blue background" circle.png
///
/// The same pictures as examples/text_to_image.cs, .csx and .fsx give for the same seed.
module TextToImage

open Diffusion.Dsl
open type Diffusion.Dsl.Guiders
open type Diffusion.Dsl.Schedulers

let pipeline =
    let shapes = Pretrained.From "models/shapes"
    Pipeline.From(shapes.Vae).Text(shapes.Clip).Unet(shapes.Unet).Scheduler(DpmSolver 20).Guidance(Cfg 3.5)

[<EntryPoint>]
let main args =
    let prompt = if args.Length > 0 then args[0] else "a red circle on a blue background"
    let file = if args.Length > 1 then args[1] else "out/text_to_image.png"

    try
        use run = pipeline.Compile().Load()
        let images = run.Generate(prompt, count = 4, seed = 42L)
        images.Grid(columns = 4, padding = 4, background = 64uy).Enlarge(2).Save file
        printfn "Wrote %s." file
        0
    with :? DiffusionException as e ->
        eprintfn "%s" e.Message
        1
