#:project ../src/Diffusion.Runtime/Diffusion.Runtime.csproj
#:package Spectre.Console
#:package System.CommandLine

// Trains the diffusion course's UNet on procedural digits with the DDPM objective. From the repository's root:
//
//     dotnet run examples/train_digits.cs                          the run that made models/digits
//     dotnet run examples/train_digits.cs -- --quick               a minute, to see that everything works
//     dotnet run examples/train_digits.cs -- --resume              goes on after Ctrl+C or a crash
//     dotnet run examples/train_digits.cs -- --export models/digits   writes the averaged weights as a diffusers folder
//
// Everything random in step n comes from a generator seeded by (seed, n): a resumed run is the run that was never stopped.
using System;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Diffusion.Dsl;
using Diffusion.Runtime.Data.Digits;
using Diffusion.Runtime.Models;
using Diffusion.Runtime.Training;
using Spectre.Console;
using static TorchSharp.torch;

var steps = new Option<int>("--steps") { Description = "Optimiser steps", DefaultValueFactory = _ => 4500 };
var batch = new Option<int>("--batch") { Description = "Images in a step", DefaultValueFactory = _ => 32 };
var rate = new Option<double>("--rate") { Description = "Peak learning rate", DefaultValueFactory = _ => 1e-3 };
var seed = new Option<int>("--seed") { Description = "Seed of weights, data and noise", DefaultValueFactory = _ => 0 };
var threads = new Option<int>("--threads") { Description = "CPU threads; 0 leaves the default", DefaultValueFactory = _ => 0 };
var folder = new Option<string>("--out") { Description = "Folder of the checkpoints", DefaultValueFactory = _ => "out/digits" };
var minutes = new Option<double>("--save-every") { Description = "Minutes between checkpoints", DefaultValueFactory = _ => 4 };
var resume = new Option<bool>("--resume") { Description = "Go on from the checkpoint" };
var quick = new Option<bool>("--quick") { Description = "30 steps of 16 images" };
