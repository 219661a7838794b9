namespace Diffusion.Dsl;

/// <summary>A network that the program brings itself, when the training is started.</summary>
/// <param name="Name">A name for messages and for telling its checkpoints from others.</param>
public sealed record CustomNetwork(string Name) : TrainedNetwork
{
    /// <summary>The same under another name.</summary>
    /// <param name="name">A name for messages.</param>
    public CustomNetwork WithName(string name) => this with { Name = name };

    /// <summary>The name in quotation marks.</summary>
    public override string ToString() => "\"" + Name + "\"";
}
