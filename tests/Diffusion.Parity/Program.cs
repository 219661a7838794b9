using System;
using System.CommandLine;
using System.IO;
using Diffusion.Parity;

var folder = new Argument<DirectoryInfo>("FOLDER") { Description = "Recorded results of the Python libraries: schedulers/, models/, pipelines/, training/, …" }.AcceptExistingOnly();
var only = new Option<string?>("--only") { Description = "Check only the cases whose name contains this; * stands for any text.", HelpName = "PATTERN" };
var command = new RootCommand("Compares this library with recorded results of diffusers, case by case. Exits with 1 if one fails.") { folder, only };
command.SetAction(parsed => Report.Write(Console.Out, ParityRun.Of(parsed.GetRequiredValue(folder).FullName, parsed.GetValue(only))) ? 0 : 1);
return command.Parse(args).Invoke();
