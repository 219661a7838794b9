using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Tests.House;

/// <summary>Which room of a project may use which others; a room is a folder directly below the project.</summary>
/// <param name="Project">The folder of the project below <c>src</c>.</param>
/// <param name="Below">The projects it is built on.</param>
/// <param name="Uses">For each room the rooms it names directly; what those use is allowed as well.</param>
internal sealed record RoomMap(string Project, string[] Below, IReadOnlyDictionary<string, string[]> Uses)
{
    /// <summary>Primitives, Errors → Noise → Steps → {Schedulers, Guiders}; Text → Models → Guiders; Models, Text → Definition → {Estimation → Planning → Emission, Training, Receipts}.</summary>
    public static RoomMap Dsl { get; } = new("Diffusion.Dsl", [], new Dictionary<string, string[]>
    {
        ["Primitives"] = ["Errors"],
        ["Errors"] = ["Primitives"],
        ["Noise"] = ["Primitives"],
        ["Steps"] = ["Noise"],
        ["Schedulers"] = ["Steps"],
        ["Guiders"] = ["Steps", "Models"],
        ["Text"] = ["Primitives"],
        ["Models"] = ["Noise", "Text"],
        ["Definition"] = ["Schedulers", "Guiders", "Models", "Text"],
        ["Receipts"] = ["Definition"],
        ["Training"] = ["Definition"],
        ["Estimation"] = ["Definition"],
        ["Planning"] = ["Definition", "Estimation"],
        ["Emission"] = ["Planning"],
    });

    /// <summary>Kernels → Layers → Models → Sampling → Compilation → Training; the other rooms serve them. Models take texts and pictures: Text, Imaging. Weights know which layers hold theirs packed.</summary>
    public static RoomMap Runtime { get; } = new("Diffusion.Runtime", ["Diffusion.Dsl"], new Dictionary<string, string[]>
    {
        ["Files"] = [],
        ["Native"] = ["Files"],
        ["Kernels"] = ["Native"],
        ["Layers"] = ["Kernels"],
        ["Weights"] = ["Layers"],
        ["Imaging"] = ["Native"],
        ["Plotting"] = ["Imaging"],
        ["Data"] = ["Imaging"],
        ["Metrics"] = ["Kernels"],
        ["Text"] = ["Weights"],
        ["Models"] = ["Layers", "Weights", "Text", "Imaging"],
        ["Sampling"] = ["Models"],
        ["Compilation"] = ["Sampling"],
        ["Training"] = ["Compilation", "Data", "Plotting"],
    });

    /// <summary>Whether code in room <paramref name="from"/> may name something in room <paramref name="to"/>.</summary>
    public bool Allows(string from, string to) => from == to || Reach(from, []).Contains(to);

    private HashSet<string> Reach(string room, HashSet<string> seen)
    {
        foreach (var next in Uses.GetValueOrDefault(room, []).Where(seen.Add))
        {
            Reach(next, seen);
        }

        return seen;
    }
}
