using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Diffusion.CodeFixes;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace Diffusion.Tests.Generators;

public sealed class CodeFixTests
{
    private const string Models = "var sd = Pretrained.From(\"models/shapes\"); var net = Pretrained.From(\"models/pixels\").Unet;\n";

    private static readonly CodeFixProvider[] Providers =
        [.. typeof(StageFix).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CodeFixProvider))).Select(type => (CodeFixProvider)Activator.CreateInstance(type)!)];

    [Theory]
    [InlineData("Pipeline.From(net).Scheduler(Ddim(1200))", "Change to 1000", "Pipeline.From(net).Scheduler(Ddim(1000))")]
    [InlineData("Pipeline.From(net).Scheduler(Ddim(steps: -1))", "Change to 1", "Pipeline.From(net).Scheduler(Ddim(steps: 1))")]
    [InlineData("Pipeline.From(net).Scheduler(Ddim(40, eta: 1.5))", "Change to 1", "Pipeline.From(net).Scheduler(Ddim(40, eta: 1))")]
    [InlineData("Pipeline.From(net).Scheduler(Ddim(40, -0.5))", "Change to 0", "Pipeline.From(net).Scheduler(Ddim(40, 0))")]
    [InlineData("Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Size(510, 512)", "Change to 512|Change to 504", "Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Size(512, 512)")]
    [InlineData("Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Size(512, 500)", "Change to 496|Change to 504", "Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Size(512, 496)")]
    [InlineData("Pipeline.From(net).Scheduler(Ddim(40)).Scheduler(Ddpm(50))", "Remove .Scheduler(…)", "Pipeline.From(net).Scheduler(Ddim(40))")]
    [InlineData("Pipeline.From(net)\n    .Scheduler(Ddim(40))\n    .Scheduler(Ddpm(50))\n    .Size(28, 28)", "Remove .Scheduler(…)", "Pipeline.From(net)\n    .Scheduler(Ddim(40))\n    .Size(28, 28)")]
    [InlineData("Pipeline.From(net).Negative(\"blurry\")", "Remove .Negative(…)", "Pipeline.From(net)")]
    [InlineData("Pipeline.From(net).Prediction(PredictionType.Sample).Scheduler(Ddim(4))", "Remove .Prediction(…)", "Pipeline.From(net).Scheduler(Ddim(4))")]
    [InlineData("Pipeline.From(net).Text(sd.Clip)", "Remove .Text(…)", "Pipeline.From(net)")]
    [InlineData("Pipeline.From(sd.Vae).Unet(sd.Unet)", "Add .Text(sd.Clip)", "Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet)")]
    [InlineData("Pipeline.From(UnetModel.Custom(\"mine\", new UnetFacts(3, 3))).Guidance(Cfg(7.5))", "Add .Text(sd.Clip)|Remove Cfg(7.5)", "Pipeline.From(UnetModel.Custom(\"mine\", new UnetFacts(3, 3))).Text(sd.Clip).Guidance(Cfg(7.5))")]
    [InlineData("Pipeline.From(net).Guidance(Cfg(7.5)).Size(28, 28)", "Remove Cfg(7.5)|Add .Text(sd.Clip)", "Pipeline.From(net).Size(28, 28)")]
    [InlineData("Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Guidance(Cfg(7), Apg(5))", "Remove Apg(5)", "Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Guidance(Cfg(7))")]
    [InlineData("Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Scheduler(Heun(20)).Guidance(CfgPlusPlus(0.6))", "Remove CfgPlusPlus(0.6)", "Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Scheduler(Heun(20))")]
    [InlineData("Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Guidance(Cfg(7), Cfg(5))", "Remove Cfg(5)", "Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Guidance(Cfg(7))")]
    public async Task AFixTurnsTheMistakeIntoWhatWasMeant(string bad, string actions, string good)
    {
        var titles = actions.Split('|');
        var offered = await Offered(bad);
        Assert.Equal(titles.Order(StringComparer.Ordinal), offered.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(good, offered[titles[0]]);
    }

    [Fact]
    public async Task AnEncoderInScopeIsPreferredToACheckpoint()
    {
        var offered = await Offered("Pipeline.From(UnetModel.Custom(\"mine\", new UnetFacts(3, 3))).Guidance(Cfg(7.5))", "var mine = new TextModel(\"mine\");\n");
        Assert.Contains("Add .Text(mine)", offered.Keys);
    }

    [Fact]
    public void EveryFixIsForARuleOfTheCatalogue()
    {
        var named = Type.GetType("Diffusion.CodeFixes.RuleIds, Diffusion.CodeFixes", throwOnError: true)!
            .GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);
        Assert.All(named, rule => Assert.Equal(rule.Value, ((Rule)typeof(Rules).GetField(rule.Key)!.GetValue(null)!).Id));
        Assert.Equal(named.Values.Order(StringComparer.Ordinal), Providers.SelectMany(provider => provider.FixableDiagnosticIds).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>The titles of the fixes for a definition's only mistake, with the definitions they give.</summary>
    private static async Task<Dictionary<string, string>> Offered(string definition, string more = "")
    {
        var (before, after) = (Program.Usings + Models + more + "var p = ", ";\np.Compile();\n");
        var program = new Program(("Program.cs", before + definition + after));
        var diagnostic = Assert.Single(await program.Analyze());

        using var workspace = new AdhocWorkspace();
        var project = workspace.AddProject(ProjectInfo.Create(
            ProjectId.CreateNewId(), VersionStamp.Default, "UserProgram", "UserProgram", LanguageNames.CSharp,
            compilationOptions: program.Compilation.Options, parseOptions: program.Compilation.SyntaxTrees[0].Options, metadataReferences: program.Compilation.References));
        var document = workspace.AddDocument(project.Id, "Program.cs", SourceText.From(before + definition + after));
        var fixes = new Dictionary<string, string>();
        foreach (var provider in Providers.Where(provider => provider.FixableDiagnosticIds.Contains(diagnostic.Id)))
        {
            var actions = new List<CodeAction>();
            await provider.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (action, _) => actions.Add(action), CancellationToken.None));
            foreach (var action in actions)
            {
                var operation = (ApplyChangesOperation)Assert.Single(await action.GetOperationsAsync(CancellationToken.None));
                var text = (await operation.ChangedSolution.GetDocument(document.Id)!.GetTextAsync()).ToString();
                Assert.StartsWith(before, text, StringComparison.Ordinal);
                Assert.EndsWith(after, text, StringComparison.Ordinal);
                fixes.Add(action.Title, text[before.Length..^after.Length]);
            }
        }

        return fixes;
    }
}
