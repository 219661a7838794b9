using System;
using System.Linq;
using System.Threading.Tasks;
using Diffusion.Dsl;

namespace Diffusion.Tests.Generators;

/// <summary>Which definitions are read at build time, and as what.</summary>
public sealed class FollowedTests
{
    private const string Ddim = "Ddim({0}) linear(0.0001, 0.02, 1000) epsilon";

    private const string Types = """
        static class K
        {
            public const int Steps = 43;
            public static readonly int More = Steps + 3;
            public static readonly Scheduler Sampler = Ddim(50);
            public static readonly UnetModel Net = Pretrained.From("net").Unet;
            public static readonly Pipeline Whole = Pipeline.From(Net).Scheduler(Ddim(51));
            public static Pipeline Next => Whole.Scheduler(Ddim(52));
            public static Scheduler Auto { get; } = Ddim(53);
            public static Scheduler Block { get { return Ddim(54); } }
            public static Pipeline Make(UnetModel net, int steps) => Pipeline.From(net).Scheduler(Ddim(steps));
            public static Pipeline Careful(UnetModel net, int steps)
            {
                if (steps < 1)
                {
                    throw new System.ArgumentException("steps");
                }

                var sampler = Ddim(steps);
                return Pipeline.From(net).Scheduler(sampler);
            }

            public static Pipeline Quick(this Pipeline pipeline, int steps) => pipeline.Scheduler(Ddim(steps));
        }

        static class Extensions
        {
            extension(Pipeline pipeline)
            {
                public Pipeline Slow(int steps) => pipeline.Scheduler(Ddim(steps));
            }
        }
        """;

    /// <summary>Statements, then the steps of the DDIM pipelines they are read as.</summary>
    public static TheoryData<string, int[]> Followed => new()
    {
        { "Pipeline.From(K.Net).Scheduler(Ddim(40)).Compile();", [40] },
        { "Pipeline.From(new UnetModel(\"net\") { Subfolder = \"\" }).Scheduler(new DdimScheduler { Steps = 41 }).Compile();", [41] },
        { "Pipeline.From(K.Net).Scheduler(Ddim(eta: 0, steps: 42)).Compile();", [42] },
        { "Pipeline.From(K.Net).Scheduler(Ddim(K.Steps)).Compile();", [43] },
        { "const int n = 2; Pipeline.From(K.Net).Scheduler(Ddim(K.Steps + n - 1)).Compile();", [44] },
        { "var n = 45; Pipeline.From(K.Net).Scheduler(Ddim(n)).Compile();", [45] },
        { "Pipeline.From(K.Net).Scheduler(Ddim(K.More)).Compile();", [46] },
        { "Pipeline.From(K.Net).Scheduler(Ddim(K.More * 2 - 45)).Compile();", [47] },
        { "Pipeline.From(K.Net).Scheduler(Ddim((int)48.9)).Compile();", [48] },
        { "var x = 49.9; Pipeline.From(K.Net).Scheduler(Ddim((int)x)).Compile();", [49] },
        { "Pipeline.From(K.Net).Scheduler(K.Sampler).Compile();", [50] },
        { "K.Whole.Compile();", [51] },
        { "K.Next.Compile();", [52] },
        { "Pipeline.From(K.Net).Scheduler(K.Auto).Compile();", [53] },
        { "Pipeline.From(K.Net).Scheduler(K.Block).Compile();", [54] },
        { "K.Make(K.Net, 55).Compile();", [55] },
        { "K.Make(steps: 56, net: K.Net).Compile();", [56] },
        { "K.Careful(K.Net, 57).Compile();", [57] },
        { "K.Whole.Quick(58).Compile();", [58] },
        { "K.Whole.Slow(59).Compile();", [59] },
        { "Local(60).Compile(); Pipeline Local(int n) => Pipeline.From(K.Net).Scheduler(Ddim(n));", [60] },
        { "Pipeline.From(K.Net).Scheduler(Ddim(1).WithSteps(61)).Compile();", [61] },
        { "Pipeline.From(K.Net).Scheduler(Ddim(1) with { Steps = 62 }).Compile();", [62] },
        { "(K.Whole with { Sampler = Ddim(63) }).Compile();", [63] },
        { "((Pipeline)(K.Whole.Scheduler((Scheduler)Ddim(64)!)))!.Compile();", [64] },
        { "var p = Pipeline.From(K.Net); var q = p.Scheduler(Ddim(65)); q.Compile();", [65] },
        { "Pipeline.From(K.Net).Scheduler(args.Length > 0 ? Ddim(66) : Ddim(67)).Compile();", [66, 67] },
        { "Pipeline.From(K.Net).Scheduler(true ? Ddim(68) : Ddim(69)).Compile();", [68] },
        { "Pipeline.From(K.Net).Scheduler(Ddim(args.Length switch { 0 => 70, 1 => 71, _ => throw new System.Exception() })).Compile();", [70, 71] },
        { "Scheduler s = Ddim(72); if (args.Length > 0) s = Ddim(73); Pipeline.From(K.Net).Scheduler(s).Compile();", [72, 73] },
        { "int n; if (args.Length > 0) { n = 74; } else { n = 75; } Pipeline.From(K.Net).Scheduler(Ddim(n)).Compile();", [74, 75] },
        { "foreach (var n in new[] { 76, 77 }) Pipeline.From(K.Net).Scheduler(Ddim(n)).Compile();", [76, 77] },
        { "foreach (var s in (Scheduler[])[Ddim(78), Ddim(79)]) Pipeline.From(K.Net).Scheduler(s).Compile();", [78, 79] },
        { "Use(K.Net); static void Use(UnetModel net) => Pipeline.From(net).Scheduler(Ddim(80)).Compile();", [80] },
        { "Pipeline.From(Pretrained.From(args[0]).Unet).Scheduler(Ddim(81)).Compile();", [81] },
        { "K.Whole.Scheduler(Ddim(82)).Negative(args[0]).Size(args.Length, args.Length).Compile();", [82] },
        { "var n = args.Length > 0 ? 83 : 84; Pipeline.From(K.Net).Scheduler(Ddim(n, eta: 0.0 * n)).Compile();", [83, 84] },
        { "Scheduler? none = null; Pipeline.From(K.Net).Scheduler(none ?? Ddim(85)).Compile();", [85] },
        { "System.Func<object> f = () => K.Make(K.Net, 86).Compile(); f();", [86] },
        { "Pipeline.From(K.Net).Scheduler(args.Length > 0 ? Ddim(87) : Ddim(args.Length)).Compile();", [87] },
    };

    [Theory]
    [MemberData(nameof(Followed))]
    public void ADefinitionIsReadAtBuildTime(string statements, int[] steps) =>
        Assert.Equal(steps.Select(n => string.Format(System.Globalization.CultureInfo.InvariantCulture, Ddim, n)), Program.Of(statements, Types).Keys());

    [Theory]
    [InlineData("Guidance(Cfg(7.5))", "Cfg(7.5)")]
    [InlineData("Guidance(Cfg(7))", "Cfg(7)")]
    [InlineData("Guidance(Cfg(scale: 3, interval: Interval(0.25, 0.75), rescale: 0.5))", "Cfg(3, rescale: 0.5, interval: 0.25...0.75)")]
    [InlineData("Guidance(new Guider[] { Cfg(2) })", "Cfg(2)")]
    [InlineData("Guidance([.. new Guider[] { Cfg(2) }])", "Cfg(2)")]
    [InlineData("Guidance().Guidance(Cfg(2))", "Cfg(2)")]
    [InlineData("WithGuiders(Cfg(1), Cfg(2)).WithGuiders(Cfg(3))", "Cfg(3)")]
    public void GuidersAreReadAtBuildTime(string stage, string guider) => Assert.Equal(
        ["Ddim(4) scaled_linear(0.00085, 0.012, 1000) epsilon text " + guider],
        Program.Of($"var sd = Pretrained.From(\"models/shapes\"); Pipeline.From(sd.Vae).Text(sd.Clip).Unet(sd.Unet).Scheduler(Ddim(4)).{stage}.Compile();").Keys().Select(WithoutClamp));

    [Theory]
    [InlineData("NoiseSchedule.Cosine", "squaredcos_cap_v2(0.0001, 0.02, 1000)")]
    [InlineData("new NoiseSchedule(TrainTimesteps: 500) { ZeroTerminalSnr = true }", "linear(0.0001, 0.02, 500) zero-snr")]
    [InlineData("NoiseSchedule.Given([0.25, 0.5, 0.75])", "betas(0.25, 0.5, 0.75)")]
    [InlineData("NoiseSchedule.Linear.WithBetaEnd(2e-2 / 2)", "linear(0.0001, 0.01, 1000)")]
    public void NoiseIsReadAtBuildTime(string noise, string text) =>
        Assert.Equal([$"Ddim(2) {text} v_prediction"], Program.Of($"Pipeline.From(K.Net).Scheduler(Ddim(2)).Noise({noise}).Prediction(PredictionType.VPrediction).Compile();", Types).Keys());

    [Theory]
    [InlineData("Scheduler(Ddim(4)).StartAt(3)", "Ddim(4)", " from 3")]
    [InlineData("Scheduler(Heun(4)).WithStartStep(2 + 1)", "Heun(4)", " from 3")]
    [InlineData("Scheduler(Ddim(4)).StartAt(3).StartAt(0)", "Ddim(4)", "")]
    [InlineData("Scheduler(Heun(4).WithSigmas(SigmaSchedule.Karras(5)).WithClamp(Clamp.Range(2)))", "Heun(4, sigmas: karras(5), clamp: range(2))", "")]
    [InlineData("Scheduler(DpmSolver(4, algorithm: SolverAlgorithm.SdeDpmSolverPlusPlus).WithLowerOrderFinal(false))", "DpmSolver(4, lowerOrderFinal: false, algorithm: sde-dpmsolver++)", "")]
    [InlineData("Scheduler(Euler().WithCustomSigmas(3, 1.5, 0) with { SChurn = 2 })", "Euler(customSigmas: [3, 1.5, 0], sChurn: 2)", "")]
    public void OptionsAndTheStartAreReadAtBuildTime(string stages, string sampler, string start) =>
        Assert.Equal([$"{sampler} linear(0.0001, 0.02, 1000) epsilon{start}"], Program.Of($"Pipeline.From(K.Net).{stages}.Compile();", Types).Keys());

    [Fact]
    public void EveryOverloadOfCompileWithoutOptionsIsFoundAndNoOther()
    {
        Assert.Empty(Program.Of("K.Whole.Compile(Diffusion.Runtime.Compilation.CompileOptions.Default);", Types).Keys());
        Assert.Empty(Program.Of("new Other().Compile();", "class Other { public void Compile() { } }").Keys());
    }

    /// <summary>Statements, what the sentence says after «because», and the text that is marked.</summary>
    public static TheoryData<string, string, string> NotFollowed => new()
    {
        { "int n = 50; n++; K.Whole.Scheduler(Ddim(n)).Compile();", "'steps' of Ddim is not known at build time (the local 'n' is changed in place)", "n" },
        { "int n = 50; n += 2; K.Whole.Scheduler(Ddim(n)).Compile();", "'steps' of Ddim is not known at build time (the local 'n' is changed in place)", "n" },
        { "int n = 50; int.TryParse(\"1\", out n); K.Whole.Scheduler(Ddim(n)).Compile();", "'steps' of Ddim is not known at build time (the local 'n' is changed in place)", "n" },
        { "int n = 50; (n, _) = (1, 2); K.Whole.Scheduler(Ddim(n)).Compile();", "'steps' of Ddim is not known at build time (the local 'n' is changed in place)", "n" },
        { "var s = new Guider[] { Cfg(2) }; s[0] = Cfg(3); K.Whole.Guidance(s).Compile();", "'guiders' of Guidance is not known at build time (the local 's' is changed in place)", "s" },
        { "K.Whole.Scheduler(Ddim(args.Length)).Compile();", "'steps' of Ddim is not known at build time (the property 'Length' is in another assembly)", "args.Length" },
        { "K.Whole.Scheduler(Ddim(2, eta: System.Math.Sqrt(4))).Compile();", "'eta' of Ddim is not known at build time ('Sqrt' is in another assembly)", "System.Math.Sqrt(4)" },
        { "Use(K.Whole); void Use(Pipeline p) => p.Compile();", "'p' is a parameter", "p" },
        { "var l = new System.Collections.Generic.List<Guider> { Cfg(2) }; K.Whole.Guidance([.. l]).Compile();", "'guiders' of Guidance is not known at build time ('new System.Collections.Generic.List<Gui…' is created at run time)", "new System.Collections.Generic.List<Guider> { Cfg(2) }" },
        { "K.Whole.Scheduler(new V().Sampler).Compile();", "'scheduler' of Scheduler is not known at build time (the property 'Sampler' is virtual)", "new V().Sampler" },
        { "K.Whole.Scheduler(Ddim(V.Count)).Compile();", "'steps' of Ddim is not known at build time (the field 'Count' is not readonly)", "V.Count" },
        { "V.Twice(K.Whole).Compile();", "'Twice' does more than return one expression", "V.Twice(K.Whole)" },
        { "V.Endless(K.Whole).Compile();", "the definition is recursive or very long", "V.Endless(p)" },
        { "var n = 0; K.Whole.Scheduler(Ddim(5 / n)).Compile();", "'steps' of Ddim is not known at build time ('5 / n' is not folded: Attempted to divide by zero.)", "5 / n" },
        { "K.Whole.Scheduler(Ddim(1 + args.Length switch { 0 => 0, 1 => 1, 2 => 2, 3 => 3, 4 => 4, 5 => 5, 6 => 6, 7 => 7, _ => 8 })).Compile();", "it can be more than 8 different pipelines", "*" },
        { "Pipeline.FromImage(\"x.png\").Scheduler(Ddim(2)).Compile();", "'FromImage' reads a file when the program runs", "Pipeline.FromImage(\"x.png\")" },
        { "Receipt.Read(\"x.png\").Pipeline.Compile();", "'Read' reads a file when the program runs", "Receipt.Read(\"x.png\")" },
        { "K.Whole.WithTextModel(V.Text).Compile();", "'text' of WithTextModel is not known at build time (the field 'Text' is not readonly)", "V.Text" },
    };

    [Theory]
    [MemberData(nameof(NotFollowed))]
    public async Task ADefinitionThatIsNotReadSaysWhy(string statements, string because, string marked)
    {
        const string types = Types + """
            class V
            {
                public static int Count = 3;
                public static TextModel? Text;
                public virtual Scheduler Sampler => Ddim(2);
                public static Pipeline Twice(Pipeline p) { if (Count > 2) { return p; } return p.Scheduler(Ddim(2)); }
                public static Pipeline Endless(Pipeline p) => V.Endless(p);
            }
            """;
        var program = Program.Of(statements, types);
        var diagnostic = Assert.Single(await program.Analyze());

        Assert.Equal("DIF0103", diagnostic.Id);
        Assert.Equal($"this pipeline is compiled at run time, because {because}; make it a constant, or leave it: the result is the same", diagnostic.GetMessage(null));
        var text = diagnostic.Location.SourceTree!.ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length);
        Assert.True(marked == "*" || marked == text, text);
        Assert.Empty(program.Keys());
    }

    /// <summary>An editor runs generator and analyzer on programs that are being typed; a crash of theirs stops everything.</summary>
    [Fact]
    public async Task AProgramThatDoesNotCompileIsNoReasonToCrash()
    {
        // Each statement without each of its words, every one in a file of its own.
        var broken = Followed.Concat(NotFollowed)
            .Select(row => (string)row[0])
            .SelectMany(statements => statements.Split(' ', '.', '(', ')').Where(word => word.Length > 0).Distinct().Select(word => statements.Replace(word, "", StringComparison.Ordinal)))
            .Select((statements, i) => ($"B{i}.cs", $"{Program.Usings} static class B{i} {{ static void M(string[] args) {{ {statements} }} }}"));
        var program = new Program([("Types.cs", Program.Usings + Types), .. broken]);
        Assert.True(program.Compilation.SyntaxTrees.Length > 500);
        program.Generate();
        await program.AnalyzeAsItIs();
    }

    [Fact]
    public void StagesThatMayStayUnknownSayNothingToTheCompiler()
    {
        var pipeline = Pipeline.From(new UnetModel("net"));
        Pipeline[] others = [pipeline.Negative("x"), pipeline.Size(8, 8), pipeline.WithNegativePrompt("x"), pipeline.WithHeight(8), pipeline.WithWidth(8)];
        Assert.All(others, other => Assert.Equal(Key(pipeline), Key(other)));
        static string Key(Pipeline pipeline) => Resolution.Spec(pipeline, new ModelFacts(null, null, null, null)).Key;
    }

    private static string WithoutClamp(string key) => key.Replace(", clamp: none", "", StringComparison.OrdinalIgnoreCase);
}
