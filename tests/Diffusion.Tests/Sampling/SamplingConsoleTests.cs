using System;
using System.IO;
using Diffusion.Runtime;
using Diffusion.Runtime.Sampling;
using Spectre.Console;

namespace Diffusion.Tests.Sampling;

public sealed class SamplingConsoleTests
{
    private static readonly SamplingProgress Half = new(SamplingStage.Sampling, 20, 40, 0.5, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));

    [Theory]
    [InlineData(InteractionSupport.Yes, true)]
    [InlineData(InteractionSupport.No, false)]
    public void ATerminalShowsHowFarItIs(InteractionSupport interaction, bool shows)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = interaction, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 120;
        var made = SamplingConsole.Show(console, "a [red] circle", progress =>
        {
            progress.Report(Half);
            return 5;
        });
        Assert.Equal(5, made);
        Assert.Equal(shows, text.ToString().Contains("a [red] circle: step 20 of 40, 4 s left", StringComparison.Ordinal));
        Assert.Equal(shows, text.ToString().Contains("50%", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatTheWorkThrowsComesThrough() =>
        Assert.Throws<OperationCanceledException>(() => SamplingConsole.Show<int>("nothing", _ => throw new OperationCanceledException()));
}
