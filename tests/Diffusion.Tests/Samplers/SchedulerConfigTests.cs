using System;
using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.Samplers;

/// <summary>diffusers' scheduler_config.json, both ways, for every sampler of the registry.</summary>
public sealed class SchedulerConfigTests
{
    private const int Steps = 8;

    public static TheoryData<string> Files => [.. SchedulerFile.All.Select(file => file.Name)];

    public static TheoryData<string> Names => [.. Schedulers.All.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EverySamplerHasARecordedFile(string name) =>
        Assert.Contains(SchedulerFile.All, file => file.Class == Entry(name).DiffusersClass);

    [Theory]
    [MemberData(nameof(Files))]
    public void AFileReadAndWrittenIsTheSame(string name)
    {
        var file = File(name);
        Assert.Equal(file.Whole.ToIndentedString(), Written(file.Whole).ToIndentedString());
    }

    // With nothing to copy from: the keys and defaults are those of diffusers' class.
    [Theory]
    [MemberData(nameof(Files))]
    public void WhatAFileLeavesOutIsWrittenAsDiffusersDoes(string name)
    {
        var file = File(name);
        Assert.Equal(file.Whole.ToIndentedString(), Written(file.Said).ToIndentedString());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void AnySamplerTakesTheFileOfAnyOther(string name)
    {
        var config = File(name).Config;
        Assert.All(Schedulers.All, entry =>
        {
            var sampler = entry.Create(Steps).Resolve(config);
            var findings = sampler.Check(config.Noise, config.Prediction).ToArray();

            Assert.All(findings, finding => Assert.True(DiffusersRefusesToo(finding, entry.Name), finding.ToString()));
            if (findings.Length == 0)
            {
                Assert.NotEmpty(sampler.Derive(config.Noise, config.Prediction).Steps);
            }

            var back = SchedulerConfigJson.Read(JsonValue.Parse(SchedulerConfigJson.Write(sampler, config).ToIndentedString()));
            Assert.Equal((entry.DiffusersClass, config.Noise, config.Prediction), (back.ClassName, back.Noise, back.Prediction));
            Assert.Equal(sampler, Schedulers.From(back, Steps));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OptionsThatAreSaidAreWrittenAndReadAgain(string name) =>
        Assert.All(SpecCases.Variations(Entry(name).Create(Steps)), sampler =>
        {
            var written = SchedulerConfigJson.Write(sampler.Resolve(SchedulerConfig.Default), SchedulerConfig.Default);
            var back = SchedulerConfigJson.Read(written);
            Assert.Equal(SchedulerConfig.Default.Noise, back.Noise);
            Assert.Equal(written, SchedulerConfigJson.Write(Schedulers.From(back, Steps), SchedulerConfig.Default with { ClassName = back.ClassName }));
        });

    [Theory]
    [MemberData(nameof(Names))]
    public void KeysThatNobodyKnowsSurvive(string name)
    {
        var json = Written(Object($$"""{ "_class_name": "{{Entry(name).DiffusersClass}}", "zeta": [1, 2.50, null], "_name_or_path": "x", "Alpha": {} }"""));
        Assert.Equal("[1,2.50,null]", json["zeta"].ToString());
        Assert.Equal("x", json["_name_or_path"].AsString());
        Assert.Equal(json.Members.Select(member => member.Name).Order(StringComparer.Ordinal), json.Members.Select(member => member.Name));
    }

    [Fact]
    public void NumbersKeepTheirSpellingWhileTheyAreTheSame()
    {
        var config = SchedulerConfigJson.Read(Object("""{ "_class_name": "DDIMScheduler", "beta_start": 1e-05, "beta_end": 2E-2, "clip_sample_range": 1, "num_train_timesteps": 1000.0 }"""));
        var changed = config with { Noise = config.Noise.WithBetaEnd(0.03) };
        var json = SchedulerConfigJson.Write(Schedulers.From(changed, Steps), changed);
        Assert.Equal(("1e-05", "0.03", "1", "1000.0"), (json["beta_start"].ToString(), json["beta_end"].ToString(), json["clip_sample_range"].ToString(), json["num_train_timesteps"].ToString()));
    }

    [Fact]
    public void MinusInfinityIsReadAndWrittenBare()
    {
        var json = Written(Object("""{ "_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity }"""));
        Assert.Contains("\n  \"lambda_min_clipped\": -Infinity,\n", json.ToIndentedString(), StringComparison.Ordinal);
        Assert.Equal("-Infinity", Written(Object("""{ "_class_name": "DPMSolverMultistepScheduler" }"""))["lambda_min_clipped"].ToString());
    }

    [Fact]
    public void DefaultsThatDiffusersNotedAreNotSaidAndNotWritten()
    {
        var json = Object("""{ "_class_name": "DDIMScheduler", "timestep_spacing": "leading", "steps_offset": 1, "_use_default_values": ["timestep_spacing", "clip_sample"] }""");
        var config = SchedulerConfigJson.Read(json);
        Assert.Equal((TimestepSpacing.Linspace, 1), Schedulers.Euler(Steps).Resolve(config) is EulerScheduler { Spacing: { } spacing, StepsOffset: { } offset } ? (spacing, offset) : default);
        Assert.Null(SchedulerConfigJson.Write(Schedulers.Euler(Steps).Resolve(config), config).Find("_use_default_values"));
        Assert.Null(SchedulerConfigJson.Write(Schedulers.Ddim(Steps).Resolve(config), config with { Source = json }).Find("_use_default_values"));
    }

    [Theory]
    [InlineData("DDPMScheduler", "linear(0.0001, 0.02, 1000)")]
    [InlineData("HeunDiscreteScheduler", "linear(0.00085, 0.012, 1000)")]
    [InlineData("KDPM2DiscreteScheduler", "linear(0.00085, 0.012, 1000)")]
    [InlineData("KDPM2AncestralDiscreteScheduler", "linear(0.00085, 0.012, 1000)")]
    [InlineData("DPMSolverSDEScheduler", "linear(0.00085, 0.012, 1000)")]
    [InlineData("LCMScheduler", "scaled_linear(0.00085, 0.012, 1000)")]
    [InlineData("TCDScheduler", "scaled_linear(0.00085, 0.012, 1000)")]
    [InlineData("UnCLIPScheduler", "squaredcos_cap_v2(0.0001, 0.02, 1000)")]
    [InlineData("CMStochasticIterativeScheduler", "linear(0.0001, 0.02, 40)")]
    [InlineData("NobodysScheduler", "linear(0.0001, 0.02, 1000)")]
    public void WhatAFileLeavesOutIsTheDefaultOfItsClass(string name, string noise) =>
        Assert.Equal(noise, SchedulerConfigJson.Read(Object($$"""{ "_class_name": "{{name}}" }""")).Noise.ToString());

    [Fact]
    public void NoiseThatTheClassHasNoKeyForIsNotLost()
    {
        var config = SchedulerConfig.Default with { Noise = NoiseSchedule.StableDiffusion.WithZeroTerminalSnr(true), Prediction = PredictionType.VPrediction };
        var json = SchedulerConfigJson.Write(Schedulers.Heun(Steps).Resolve(config), config);
        Assert.True(json["rescale_betas_zero_snr"].AsBoolean());
        Assert.Null(SchedulerConfigJson.Write(Schedulers.Heun(Steps).Resolve(config), SchedulerConfig.Default).Find("rescale_betas_zero_snr"));
    }

    [Fact]
    public void AFlowNeedsNoWordForItsPrediction() =>
        Assert.Equal(PredictionType.Flow, SchedulerConfigJson.Read(Object("""{ "_class_name": "FlowMatchEulerDiscreteScheduler", "shift": 3.0 }""")).Prediction);

    // What diffusers' from_config does with options that mean something else, or nothing, to the new class.
    [Theory]
    [InlineData("""{ "_class_name": "UniPCMultistepScheduler", "solver_type": "bh2", "final_sigmas_type": "sigma_min" }""", "DpmSolver(8, final: sigma_min)")]
    [InlineData("""{ "_class_name": "DEISMultistepScheduler", "solver_type": "logrho", "algorithm_type": "deis" }""", "DpmSolver(8)")]
    [InlineData("""{ "_class_name": "SASolverScheduler", "algorithm_type": "data_prediction" }""", "DpmSolver(8)")]
    [InlineData("""{ "_class_name": "DPMSolverMultistepScheduler", "solver_type": "heun", "algorithm_type": "dpmsolver++", "solver_order": 3 }""", "Deis(8, solverOrder: 3)")]
    [InlineData("""{ "_class_name": "DPMSolverMultistepScheduler", "solver_type": "heun", "rescale_betas_zero_snr": false }""", "UniPC(8)")]
    [InlineData("""{ "_class_name": "EDMEulerScheduler", "sigma_min": 0.002, "sigma_max": 80.0, "rho": 7.0 }""", "Euler(8, sigmaMin: 0.002, sigmaMax: 80)")]
    [InlineData("""{ "_class_name": "DDIMScheduler", "use_karras_sigmas": true, "timestep_spacing": "leading", "steps_offset": 1 }""", "EulerAncestral(8, spacing: leading, stepsOffset: 1)")]
    [InlineData("""{ "_class_name": "DDPMScheduler", "thresholding": true, "clip_sample": true }""", "DpmSolver(8, clamp: dynamic(0.995, 1))")]
    [InlineData("""{ "_class_name": "DDPMScheduler", "thresholding": true, "clip_sample": true, "timestep_spacing": "leading" }""", "Heun(8, spacing: leading, clamp: range(1))")]
    [InlineData("""{ "_class_name": "DPMSolverMultistepScheduler", "use_lu_lambdas": true, "steps_offset": 1, "variance_type": null }""", "Euler(8, stepsOffset: 1)")]
    [InlineData("""{ "_class_name": "EulerDiscreteScheduler", "use_karras_sigmas": true, "timestep_spacing": "linspace" }""", "Ddim(8, spacing: linspace)")]
    public void OptionsOfAnotherClassAreReadAsFromConfigDoes(string json, string sampler)
    {
        var name = sampler[..sampler.IndexOf('(', StringComparison.Ordinal)];
        Assert.Equal(sampler, Entry(name).Create(Steps).Resolve(SchedulerConfigJson.Read(Object(json))).ToString());
    }

    [Theory]
    [InlineData("beta_schedule", "zigzag")]
    [InlineData("prediction_type", "noise")]
    [InlineData("timestep_spacing", "even")]
    [InlineData("variance_type", "small")]
    [InlineData("final_sigmas_type", "one")]
    [InlineData("algorithm_type", "dpmsolver+++")]
    [InlineData("solver_type", "simpson")]
    public void AWordThatNoClassKnowsIsRefused(string key, string word)
    {
        var json = Object($$"""{ "_class_name": "DPMSolverMultistepScheduler", "{{key}}": "{{word}}" }""");
        var error = Assert.Throws<DiffusionException>(() => Schedulers.From(SchedulerConfigJson.Read(json), Steps));
        Assert.Equal("DIF0210", Assert.Single(error.Findings).Rule.Id);
        Assert.Contains($"{key} is '{word}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ACountThatIsNotWholeIsRefused() =>
        Assert.Throws<DiffusionException>(() => SchedulerConfigJson.Read(Object("""{ "num_train_timesteps": 12.5 }""")));

    // An integral that a solver does not have, more timesteps of distillation than of training, inversion on linspace, a prediction that a sampler is not defined for.
    private static bool DiffusersRefusesToo(Finding finding, string sampler) =>
        finding.Rule == Rules.PredictionNotSupported
        || (finding.Rule == Rules.OptionsExclude && finding.Arguments[0].StartsWith("algorithm: ", StringComparison.Ordinal))
        || (finding.Rule == Rules.OptionOutOfRange && finding.Arguments[0] == "original_inference_steps")
        || (finding.Rule == Rules.UnknownWord && sampler == "DdimInverse");

    private static JsonValue Written(JsonValue json)
    {
        var config = SchedulerConfigJson.Read(json);
        return SchedulerConfigJson.Write(Schedulers.From(config, Math.Min(Steps, config.Noise.TrainTimesteps)), config);
    }

    private static JsonValue Object(string text) => JsonValue.Parse(text);

    private static SchedulerFile File(string name) => SchedulerFile.All.Single(file => file.Name == name);

    private static SchedulerEntry Entry(string name) => Schedulers.All.Single(entry => entry.Name == name);
}
