using System;

namespace Diffusion.Dsl;

/// <summary>Where definitions of trainings begin.</summary>
public static class Train
{
    /// <summary>A denoising diffusion training from PyTorch's initial values, Ho, Jain and Abbeel (2020), arXiv:2006.11239, Algorithm 1.</summary>
    /// <param name="unet">The configuration of the network.</param>
    public static Training Ddpm(UNet2DConfig unet) => new(new UntrainedUNet(unet ?? throw new ArgumentNullException(nameof(unet))));

    /// <summary>A denoising diffusion training of a network that is told classes; with a null class and <see cref="Training.DropLabels"/> it learns both sides of classifier-free guidance.</summary>
    /// <param name="unet">The configuration of the network.</param>
    public static Training Ddpm(ClassConditionedUNetConfig unet) => new(new UntrainedClassConditionedUNet(unet ?? throw new ArgumentNullException(nameof(unet))));

    /// <summary>A denoising diffusion training of a network that looks at text: with <see cref="Training.Text"/>, and for latent diffusion with <see cref="Training.Vae"/>.</summary>
    /// <param name="unet">The configuration of the network.</param>
    public static Training Ddpm(UNet2DConditionConfig unet) => new(new UntrainedConditionUNet(unet ?? throw new ArgumentNullException(nameof(unet))));

    /// <summary>A denoising diffusion training that goes on from a checkpoint's weights.</summary>
    /// <param name="unet">The network by name.</param>
    public static Training Ddpm(UnetModel unet) => new(new PretrainedUNet(unet ?? throw new ArgumentNullException(nameof(unet))));

    /// <summary>The network of a pipeline, taught further on other pictures, as unit 2 of the diffusion course does: AdamW with a constant rate, no average.</summary>
    /// <param name="pipeline">The pipeline; its network, noise schedule and prediction type are kept.</param>
    /// <param name="images">What it is to learn.</param>
    /// <param name="rate">The learning rate, above 0.</param>
    /// <param name="epochs">Passes through the pictures, at least 1.</param>
    /// <param name="batch">Pictures of one pass, at least 1.</param>
    /// <param name="accumulate">Batches of one step, at least 1.</param>
    /// <exception cref="DiffusionException">DIF0101: the pipeline has no UNet.</exception>
    public static Training FineTune(Pipeline pipeline, ITrainingData images, double rate = 1e-5, int epochs = 1, int batch = 4, int accumulate = 1)
    {
        var unet = (pipeline ?? throw new ArgumentNullException(nameof(pipeline))).UnetModel ?? throw Rules.UnetMissing.Error();
        var training = Ddpm(unet).On(images).Optimizer(Optimizers.AdamW(rate)).Epochs(epochs).Batch(batch).Accumulate(accumulate).WithMaxGradientNorm(null).WithNoiseSchedule(pipeline.NoiseSchedule);
        return pipeline.PredictionType is { } prediction ? training.Objective(new Objective(prediction)) : training;
    }

    /// <summary>A training of a network that the program brings itself, with a loss of its own.</summary>
    /// <param name="name">A name for messages and for telling its checkpoints from others.</param>
    public static Training Custom(string name) => new(new CustomNetwork(name ?? throw new ArgumentNullException(nameof(name))));
}
