namespace Diffusion.CodeFixes;

/// <summary>The rules that have a fix. Repeated here because this assembly is loaded by editors without Diffusion.Dsl; a test holds both together.</summary>
internal static class RuleIds
{
    public const string DuplicateStage = "DIF0102";
    public const string StepsOutOfRange = "DIF0201";
    public const string EtaOutOfRange = "DIF0202";
    public const string PredictionMismatch = "DIF0208";
    public const string GuidersExclude = "DIF0250";
    public const string GuiderNotForSampler = "DIF0253";
    public const string CfgNeedsText = "DIF0301";
    public const string GuiderTwice = "DIF0303";
    public const string NegativeHasNoEffect = "DIF0305";
    public const string GuiderModelAbsent = "DIF0307";
    public const string CfgNeedsNullClass = "DIF0310";
    public const string SizeNotDivisible = "DIF0432";
    public const string UnetNeedsText = "DIF0434";
    public const string UnetTakesNoText = "DIF0435";
}
