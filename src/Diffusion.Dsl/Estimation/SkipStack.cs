using System.Collections.Generic;

namespace Diffusion.Dsl.Estimation;

/// <summary>The features of a U-Net and what it keeps of them for the way up.</summary>
/// <param name="ledger">Where it is counted.</param>
/// <param name="first">The output of the first convolution.</param>
internal sealed class SkipStack(Ledger ledger, Feature first)
{
    private readonly Stack<Feature> _skips = new([first]);
    private bool _isSkip = true;

    /// <summary>The features now.</summary>
    public Feature Hidden { get; private set; } = first;

    /// <summary>Goes on with new features and keeps them.</summary>
    public void Keep(Feature next)
    {
        _skips.Push(next);
        (Hidden, _isSkip) = (next, true);
    }

    /// <summary>Goes on with new features; those before are disposed unless they are a skip.</summary>
    public void Replace(Feature next)
    {
        ledger.Free(_isSkip ? 0 : Hidden.Count);
        (Hidden, _isSkip) = (next, false);
    }

    /// <summary>The features with the latest skip beside them, as a new tensor.</summary>
    public Feature Join()
    {
        var joined = Hidden.With(Hidden.Channels + _skips.Peek().Channels);
        ledger.New(joined.Count);
        return joined;
    }

    /// <summary>Goes on with what was made of joined features, which are disposed together with the skip.</summary>
    public void Joined(Feature joined, Feature next)
    {
        ledger.Free(joined.Count);
        ledger.Free(_skips.Pop().Count);
        Replace(next);
    }
}
