using System.Collections.Generic;
using System.Threading;
using Diffusion.Runtime.Data;

namespace Diffusion.Runtime.Training;

/// <summary>The batches of each optimiser step. A step never reaches across the end of an epoch: the last one takes what is left.</summary>
internal static class BatchGroups
{
    /// <summary>The groups from some step on, without end; each batch belongs to the dispose scope in which the group is asked for.</summary>
    /// <param name="loader">The batches.</param>
    /// <param name="accumulate">Batches of a group.</param>
    /// <param name="groups">Groups of an epoch; what comes behind the last one is read and left out.</param>
    /// <param name="firstStep">Steps that came before.</param>
    public static IEnumerable<IReadOnlyList<ImageBatch>> Read(ImageLoader loader, int accumulate, int groups, int firstStep)
    {
        var batches = loader.BatchesPerEpoch;
        var number = ((long)(firstStep / groups) * batches) + ((long)(firstStep % groups) * accumulate);
        var group = new List<ImageBatch>();
        foreach (var batch in loader.Numbered(number, CancellationToken.None))
        {
            var inEpoch = (int)(number++ % batches);
            if (inEpoch / accumulate >= groups)
            {
                batch?.Dispose();
                continue;
            }

            if (batch is not null)
                group.Add(batch);
            if ((inEpoch + 1) % accumulate != 0 && inEpoch + 1 < batches)
                continue;

            yield return group;
            group = [];
        }
    }
}
