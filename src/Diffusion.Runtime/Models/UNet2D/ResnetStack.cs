using System;
using System.Collections.Generic;
using System.Linq;
using Diffusion.Runtime.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Diffusion.Runtime.Models;

/// <summary>The resnets of a block, and behind each what mixes places, or nothing.</summary>
internal sealed class ResnetStack
{
    private readonly ResnetBlock2D[] _resnets;
    private readonly IFeatureMixer?[] _mixers;

    /// <summary>Makes them in diffusers' order, one resnet and its mixer after another.</summary>
    /// <param name="layers">The number of resnets.</param>
    /// <param name="settings">The settings of the resnet with the given index.</param>
    /// <param name="mixer">Makes what stands behind the resnet with the given index; gives null for nothing.</param>
    /// <param name="options">How the parameters are made.</param>
    public ResnetStack(int layers, Func<int, ResnetBlock2DSettings> settings, Func<int, IFeatureMixer?> mixer, LayerOptions options)
    {
        _resnets = new ResnetBlock2D[layers];
        _mixers = new IFeatureMixer?[layers];
        for (var i = 0; i < layers; i++)
        {
            _resnets[i] = new ResnetBlock2D(settings(i), options);
            _mixers[i] = mixer(i);
        }
    }

    /// <summary>Each resnet and its mixer, in order.</summary>
    public IEnumerable<(ResnetBlock2D Resnet, IFeatureMixer? Mixer)> Layers => _resnets.Zip(_mixers);

    /// <summary>The lists that a block registers, under the names of state dicts and in the order of printing.</summary>
    public IEnumerable<(string Name, nn.Module List)> Lists()
    {
        if (_mixers.OfType<nn.Module>().ToArray() is { Length: > 0 } present)
            yield return ("attentions", new ModuleList<nn.Module>(present));
        yield return ("resnets", new ModuleList<ResnetBlock2D>(_resnets));
    }
}
