namespace Diffusion.Runtime.Compilation;

/// <summary>Switches of <c>Compile</c>. An immutable value; the defaults are right for nearly everybody.</summary>
public sealed record CompileOptions
{
    /// <summary>The defaults.</summary>
    public static CompileOptions Default { get; } = new();

    /// <summary>How the sampler comes to be.</summary>
    public CompileMode Mode { get; init; } = CompileMode.Automatic;

    /// <summary>Whether everything that depends on the timestep alone is computed before the loop, for all steps in one batch. Exact.</summary>
    public bool HoistTimes { get; init; } = true;

    /// <summary>Whether the keys and values of the text are computed once for a run. Exact.</summary>
    public bool HoistText { get; init; } = true;

    /// <summary>Whether both halves of guidance share what the network computes before it first looks at the text. Exact.</summary>
    public bool ShareHalves { get; init; } = true;

    /// <summary>Whether the first convolution of channels that stay the same (a mask, a masked picture, a depth map) is computed once for a run. Exact up to the order of a sum.</summary>
    public bool HoistChannels { get; init; } = true;

    /// <summary>Where compiled samplers are kept between runs; null: a per-user folder; empty: nowhere.</summary>
    public string? CacheDirectory { get; init; }

    /// <summary>The same options with another mode.</summary>
    /// <param name="mode">How the sampler comes to be.</param>
    public CompileOptions WithMode(CompileMode mode) => this with { Mode = mode };

    /// <summary>The same options with hoisting on or off.</summary>
    /// <param name="hoistTimes">Whether time embeddings are computed before the loop.</param>
    public CompileOptions WithHoistTimes(bool hoistTimes) => this with { HoistTimes = hoistTimes };

    /// <summary>The same options with hoisting of the text on or off.</summary>
    /// <param name="hoistText">Whether its keys and values are computed once for a run.</param>
    public CompileOptions WithHoistText(bool hoistText) => this with { HoistText = hoistText };

    /// <summary>The same options with sharing between the halves of guidance on or off.</summary>
    /// <param name="shareHalves">Whether what comes before the first look at the text is computed once for both.</param>
    public CompileOptions WithShareHalves(bool shareHalves) => this with { ShareHalves = shareHalves };

    /// <summary>The same options with hoisting of constant channels on or off.</summary>
    /// <param name="hoistChannels">Whether their first convolution is computed once for a run.</param>
    public CompileOptions WithHoistChannels(bool hoistChannels) => this with { HoistChannels = hoistChannels };

    /// <summary>The same options with another cache folder.</summary>
    /// <param name="cacheDirectory">A folder; null: a per-user folder; empty: no cache.</param>
    public CompileOptions WithCacheDirectory(string? cacheDirectory) => this with { CacheDirectory = cacheDirectory };
}
