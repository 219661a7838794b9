namespace Diffusion.Dsl;

/// <summary>The learning-rate schedules by their short names, for <c>using static Diffusion.Dsl.LearningRates</c> in C# and <c>open type</c> in F#.</summary>
public static class LearningRates
{
    /// <inheritdoc cref="ConstantRate"/>
    /// <param name="warmup">Steps of the rise, at least 0; 0 starts at the peak.</param>
    public static ConstantRate Constant(int warmup = 0) => new(warmup);

    /// <inheritdoc cref="LinearRate"/>
    /// <param name="warmup">Steps of the rise, at least 0; 0 starts at the peak.</param>
    public static LinearRate Linear(int warmup = 0) => new(warmup);

    /// <inheritdoc cref="CosineRate"/>
    /// <param name="warmup">Steps of the rise, at least 0; 0 starts at the peak.</param>
    /// <param name="cycles">Waves of the cosine within the run, above 0; ½ falls once.</param>
    public static CosineRate Cosine(int warmup = 0, double cycles = 0.5) => new(warmup, cycles);

    /// <inheritdoc cref="CosineWithRestartsRate"/>
    /// <param name="warmup">Steps of the rise, at least 0; 0 starts at the peak.</param>
    /// <param name="cycles">How many times the rate falls, at least 1.</param>
    public static CosineWithRestartsRate CosineWithRestarts(int warmup = 0, int cycles = 1) => new(warmup, cycles);

    /// <inheritdoc cref="PolynomialRate"/>
    /// <param name="warmup">Steps of the rise, at least 0; 0 starts at the peak.</param>
    /// <param name="power">The exponent, above 0; 1 is a straight line.</param>
    /// <param name="floor">The rate at the end, at least 0 and below the peak.</param>
    public static PolynomialRate Polynomial(int warmup = 0, double power = 1, double floor = 1e-7) => new(warmup, power, floor);

    /// <inheritdoc cref="PiecewiseConstantRate"/>
    /// <param name="rules"><c>factor:step</c> parted by commas, the last factor without a step: <c>1:10,0.1:20,0.005</c>.</param>
    /// <exception cref="DiffusionException">DIF0222: the text is another.</exception>
    public static PiecewiseConstantRate PiecewiseConstant(string rules) => PiecewiseConstantRate.Parse(rules);

    /// <inheritdoc cref="ExponentialRate"/>
    /// <param name="gamma">The factor, in (0, 1].</param>
    /// <param name="every">Steps between two multiplications, at least 1: an epoch's.</param>
    public static ExponentialRate Exponential(double gamma, int every = 1) => new(gamma, every);
}
