namespace Diffusion.Dsl.Emission;

/// <summary>The C# text of one compiled sampler. Equal specs give equal text on every machine and in both hosts.</summary>
/// <param name="Key">The spec's key: what the sampler was compiled for.</param>
/// <param name="ClassName">The class, in the namespace <c>Diffusion.Generated</c>.</param>
/// <param name="Text">The whole file.</param>
public sealed record EmittedSampler(string Key, string ClassName, string Text)
{
    /// <summary>The file's name.</summary>
    public string FileName => ClassName + ".g.cs";
}
