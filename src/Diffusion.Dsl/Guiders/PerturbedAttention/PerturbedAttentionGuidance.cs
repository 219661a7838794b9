using System.Collections.Generic;
using System.Linq;

namespace Diffusion.Dsl;

/// <summary>Perturbed-attention guidance of Ahn et al. (2024), arXiv:2403.17377: away from what the network says where its self-attention is switched off.</summary>
/// <remarks>
/// <para>p is the network's output under the same condition with softmax(q kᵀ/√d) v replaced by v in some of its self-attentions (the identity as attention map).</para>
/// <para>m = m̂ + s (c − p), with m̂ = c alone, or what another guider makes of u and c: Cfg(w) gives m = u + w (c − u) + s (c − p). s = 0 is nothing.</para>
/// <para>It needs no condition: it also guides networks without text or classes. It costs one more evaluation of the network.</para>
/// <para>Parity target: diffusers <c>StableDiffusionPAGPipeline</c> (<c>pag_scale</c>, <c>pag_applied_layers</c>), whose default, the middle block, is ours.</para>
/// </remarks>
/// <param name="Scale">s: 0 is no guidance, 3 is usual.</param>
public sealed record PerturbedAttentionGuidance(double Scale) : Guider
{
    /// <summary>
    /// Which self-attentions are switched off: beginnings of their names in the state dict, such as <c>mid_block</c>, <c>down_blocks.2</c> or <c>up_blocks.1.attentions.0</c>. Empty: those of the middle
    /// block, or of the deepest block that has some.
    /// </summary>
    public EquatableArray<string> Layers { get; init; }

    /// <summary>The part of the steps in which guidance acts.</summary>
    public GuidanceInterval Interval { get; init; } = GuidanceInterval.Always;

    /// <inheritdoc/>
    public override string Name => "Pag";

    /// <summary>The same guidance with another scale.</summary>
    /// <param name="scale">s.</param>
    public PerturbedAttentionGuidance WithScale(double scale) => this with { Scale = scale };

    /// <summary>The same guidance by other self-attentions.</summary>
    /// <param name="layers">Beginnings of their names; none: the middle block's.</param>
    public PerturbedAttentionGuidance WithLayers(params string[] layers) => this with { Layers = layers.ToEquatableArray() };

    /// <summary>The same guidance in another part of the steps.</summary>
    /// <param name="interval">Where it acts.</param>
    public PerturbedAttentionGuidance WithInterval(GuidanceInterval interval) => this with { Interval = interval };

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check() => GuiderNumbers.Scale(Name, Scale).Concat(GuiderNumbers.Interval(Interval));

    /// <inheritdoc/>
    internal override bool ActsAt(int step, int steps) => Scale != 0 && Interval.Contains(step, steps);

    /// <summary>The canonical text: <c>Pag(3, layers: ["mid_block"])</c>.</summary>
    public override string ToString() => new Signature("Pag")
        .Argument(Scale)
        .Option("layers", Layers.IsEmpty ? null : "[" + string.Join(", ", Layers.Select(JsonValue.Quote)) + "]")
        .Option("interval", Interval, GuidanceInterval.Always)
        .ToString();
}
