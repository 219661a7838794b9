namespace Diffusion.Dsl;

public static partial class Schedulers
{
    /// <inheritdoc cref="IpndmScheduler"/>
    /// <param name="steps">n, 1 to T.</param>
    public static IpndmScheduler Ipndm(int steps = 50) => new() { Steps = steps };
}
