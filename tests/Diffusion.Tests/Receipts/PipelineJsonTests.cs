using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Diffusion.Dsl;
using Diffusion.Tests.Samplers;
using static Diffusion.Dsl.Guiders;
using static Diffusion.Dsl.Schedulers;

namespace Diffusion.Tests.Receipts;

/// <summary>Definitions as JSON: what is read is what was written, for everything that a definition can say.</summary>
public sealed class PipelineJsonTests
{
    private static readonly Pipeline Plain = Pipeline.From(Pretrained.From("models/none").Unet);

    public static TheoryData<string> Names => [.. Schedulers.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EverySamplerSurvivesWithEachOptionChanged(string name) =>
        Assert.All(SpecCases.Variations(Entry(name).Create(8)), sampler => Survives(Plain.Scheduler(sampler)));

    // Over the properties themselves, so that an option which the list forgets is found; words of other families, which Check refuses, are left out.
    [Theory]
    [MemberData(nameof(Names))]
    public void EverySamplerSurvivesWithAllOptionsChanged(string name)
    {
        var random = new Random(name.Length);
        var changed = new HashSet<string>();
        for (var round = 0; round < 40; round++)
        {
            var sampler = Entry(name).Create(8);
            foreach (var property in Options(sampler).Where(_ => random.Next(3) > 0))
            {
                var said = Said(sampler, property, Value(property.PropertyType, random));
                if (!said.Resolve(SchedulerConfig.Default).Check(NoiseSchedule.Linear, PredictionType.Epsilon).Any(finding => finding.Rule == Rules.UnknownWord))
                {
                    sampler = said;
                    changed.Add(property.Name);
                }
            }

            Survives(Plain.Scheduler(sampler));
            Assert.Equal(sampler.Resolve(SchedulerConfig.Default), SamplerJson.Read(SamplerJson.WriteAll(sampler.Resolve(SchedulerConfig.Default))));
        }

        Assert.Equal(Options(Entry(name).Create(8)).Select(property => property.Name).Order(), changed.Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WhatASamplerLeavesOpenIsNotSaid(string name) =>
        Assert.Equal($$"""{"name":"{{name}}","steps":8}""", Plain.Scheduler(Entry(name).Create(8)).ToJson()["sampler"].ToString());

    [Fact]
    public void EveryGuiderSurvives()
    {
        Guider[] guiders =
        [
            .. Guiders.All, Cfg(double.NaN), Cfg(0.1 + 0.2, rescale: 1e-300), Clip("a \"rose\"\n", 3.5, 7), new ClipGuidance("é漢").WithSchedule(ScaleSchedule.SqrtAlphaBar.AsInCourse()),
            Color(0.1, 0.9, 0.5), new ColorGuidance(0, 0, 1, 3).WithSchedule(ScaleSchedule.SqrtOneMinusAlphaBar), Color(0, 1, 0).WithChangesNoise(), Color(1, 0, 0, schedule: ScaleSchedule.Points(0, 1, 0.5), throughNetwork: true).AsInCourse(),
            Clip("models/clip", "a rose").WithCutouts(Cutouts.Close), ClipPicture("rose.png", 5),
        ];
        Assert.All(guiders, guider => Survives(Plain.Guidance(guider)));
        Survives(Plain.Guidance(guiders));

        // A function is in no file.
        var own = Loss((double x) => x, label: "edges");
        Assert.Contains("'edges'", Assert.Throws<DiffusionException>(() => Survives(Plain.Guidance(own))).Message, System.StringComparison.Ordinal);
        Assert.Equal(
            typeof(Guider).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Guider)) && !type.IsAbstract).OrderBy(type => type.Name),
            guiders.Append(own).Select(guider => guider.GetType()).Distinct().OrderBy(type => type.Name));
    }

    [Fact]
    public void EveryPartOfADefinitionSurvives()
    {
        var sd = Pretrained.From("C:\\models\\\"sd\", größe");
        var text = sd.Clip.WithClipSkip(1).WithGrammar(PromptGrammar.Compel).WithSubfolder("text_encoder_2").WithTokenizer("tokenizer_2").WithFacts(new TextFacts(768));
        var whole = Pipeline.From(sd.Vae.WithSubfolder("v").WithFacts(new VaeFacts(8, 4, 0.13025))).Text(text).Unet(sd.Unet.WithSubfolder("").WithFacts(new UnetFacts(9, 4, 64, 96, 768, "UNet2DConditionModel", 3, 3)))
            .Scheduler(Heun(7)).Guidance(Cfg(7.5)).Negative("blurry,\n\"text\"").Size(512, 768).StartAt(3).Strength(0.1).KeepSteps().Noise(NoiseSchedule.StableDiffusion.WithZeroTerminalSnr(true)).Prediction(PredictionType.VPrediction)
            .AttentionSlicing(Slicing.Of(3)).VaeSlicing().VaeTiling(256, 0.1);
        Survives(whole);
        Survives(Plain.AttentionSlicing(Slicing.Auto).WithVaeMemory(VaeMemory.Whole));
        Survives(Plain.VaeTiling());
        Survives(whole.Noise(NoiseSchedule.Given(0.1, 1.0 / 3, 1e-17)));
        Survives(Pipeline.From(UnetModel.Custom("mine", new UnetFacts(3, 3))).Negative(""));
        Survives(Plain.Scheduler(Ddim().WithSteps(null)));
        Assert.All(Parts(whole), part => Assert.NotEqual(part.GetValue(Plain), part.GetValue(whole)));
    }

    [Theory]
    [InlineData("""{"unet":{"source":"a","subfolder":"unet"},"sampler":{"name":"Dream","steps":4}}""", "DIF0464", "the sampler 'Dream'")]
    [InlineData("""{"sampler":{"name":"Ddim","steps":4,"theta":1}}""", "DIF0464", "the option of Ddim 'theta', but this version knows ")]
    [InlineData("""{"sampler":{"name":"Ddim","steps":4,"":1}}""", "DIF0464", "the option of Ddim ''")]
    [InlineData("""{"sampler":{"name":"Ddim","spacing":"sideways"}}""", "DIF0464", "the value of spacing 'sideways', but this version knows leading, trailing, linspace")]
    [InlineData("""{"sampler":{"name":"Ddim","eta":"much"}}""", "DIF0581", "\"much\"")]
    [InlineData("""{"sampler":{"name":"Euler","sigmas":{"name":"fib"}}}""", "DIF0464", "the spread of noise levels 'fib'")]
    [InlineData("""{"sampler":{"name":"Ddim","clamp":{"name":"soft"}}}""", "DIF0464", "the clamp 'soft'")]
    [InlineData("""{"sampler":{"steps":4}}""", "DIF0582", "\"name\"")]
    [InlineData("""{"sampler":"Ddim"}""", "DIF0581", "an object")]
    [InlineData("""{"guiders":[{"name":"Sag"}]}""", "DIF0464", "the guider 'Sag', but this version knows Cfg, Clip, Color, Loss, Apg, CfgZero, CfgPlusPlus, Pag, Autoguidance")]
    [InlineData("""{"guiders":[{"name":"Cfg","scale":7,"momentum":1}]}""", "DIF0464", "the member of the Cfg 'momentum'")]
    [InlineData("""{"guiders":[{"name":"Pag","scale":3,"layer":"mid_block"}]}""", "DIF0464", "the member of the Pag 'layer'")]
    [InlineData("""{"guiders":[{"name":"CfgPlusPlus"}]}""", "DIF0582", "\"lambda\"")]
    [InlineData("""{"guiders":{"name":"Cfg"}}""", "DIF0581", "an array")]
    [InlineData("""{"text":{"source":"a","subfolder":"b","tokenizer":"c","grammar":"1"}}""", "DIF0464", "the grammar '1', but this version knows Plain, A1111, Compel")]
    [InlineData("""{"lora":"x"}""", "DIF0464", "the member of the pipeline 'lora'")]
    [InlineData("""[]""", "DIF0581", "an object")]
    public void WhatIsNotKnownIsRefusedInOneSentence(string json, string id, string words)
    {
        var error = Assert.Throws<DiffusionException>(() => Pipeline.FromJson(JsonValue.Parse(json)));
        Assert.Equal(id, error.Id);
        Assert.Contains(words, Assert.Single(error.Findings).Message, StringComparison.Ordinal);
    }

    private static SchedulerEntry Entry(string name) => Schedulers.All.Single(entry => entry.Name == name);

    private static void Survives(Pipeline pipeline)
    {
        var text = pipeline.ToJson().ToString();
        Assert.DoesNotContain(text, character => character is < ' ' or > '~');
        using var strict = System.Text.Json.JsonDocument.Parse(text);
        var back = Pipeline.FromJson(JsonValue.Parse(text));
        Assert.Equal(pipeline, back);
        Assert.Equal(text, back.ToJson().ToString());
    }

    private static IEnumerable<PropertyInfo> Parts(object value) => value.GetType().GetProperties().Where(property => property.CanWrite);

    private static PropertyInfo[] Options(Scheduler sampler) =>
        [.. sampler.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(property => property.CanWrite && property.Name != "Steps")];

    private static Scheduler Said(Scheduler sampler, PropertyInfo option, object value)
    {
        var copy = (Scheduler)sampler.GetType().GetMethod("<Clone>$")!.Invoke(sampler, null)!;
        option.SetValue(copy, value);
        return copy;
    }

    private static object Value(Type type, Random random)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? type.GetEnumValues().GetValue(random.Next(type.GetEnumValues().Length))!
            : type == typeof(bool) ? random.Next(2) == 0
            : type == typeof(int) ? random.Next(1, 900)
            : type == typeof(long) ? random.NextInt64()
            : type == typeof(double) ? new[] { random.NextDouble(), Math.Exp(200 * (random.NextDouble() - 0.5)), double.NegativeInfinity, double.NaN, -0.0, 17 }[random.Next(6)]
            : type == typeof(EquatableArray<int>) ? Enumerable.Range(1, random.Next(1, 5)).Reverse().ToEquatableArray()
            : type == typeof(EquatableArray<double>) ? Enumerable.Range(0, random.Next(2, 5)).Select(_ => random.NextDouble()).OrderDescending().ToEquatableArray()
            : type == typeof(Clamp) ? new[] { Clamp.None, Clamp.Range(random.NextDouble()), Clamp.Dynamic(0.9, 1 + random.NextDouble()) }[random.Next(3)]
            : type == typeof(SigmaSchedule) ? new[] { SigmaSchedule.FromModel, SigmaSchedule.Karras(random.NextDouble()), SigmaSchedule.Exponential, SigmaSchedule.Beta(0.5, random.NextDouble()), SigmaSchedule.Lu(2) }[random.Next(5)]
            : throw new NotSupportedException(type.Name);
    }
}
