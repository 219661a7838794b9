using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Mono.Cecil;
using Mono.Cecil.Cil;
using TorchSharp;

namespace Diffusion.Tests.House;

/// <summary>
/// Finds where torch is handed a number that nothing keeps alive. TorchSharp passes a <see cref="Scalar"/> by pointer; one that is in no variable may be collected while torch reads it. Some
/// of TorchSharp's own members make such numbers, <c>square()</c> and <c>arange(n)</c> among them; what calls those is no better.
/// </summary>
internal static class UnheldNumbers
{
    private const string Number = "TorchSharp.Scalar";

    private static readonly Lazy<HashSet<string>> Careless = new(FindCareless);

    /// <summary>Every such place of a compiled assembly: the member, and what it calls.</summary>
    public static IReadOnlyList<string> In(Assembly assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        return [.. Members(module)
            .SelectMany(member => member.Body.Instructions, (member, instruction) => (member, instruction))
            .Where(place => IsUnheld(place.instruction) || (place.instruction.Operand is MethodReference called && Careless.Value.Contains(called.FullName)))
            .Select(place => $"{place.member.DeclaringType.FullName}.{place.member.Name}: {(MethodReference)place.instruction.Operand}")];
    }

    // TorchSharp's members that make such a number, and those that call one of them.
    private static HashSet<string> FindCareless()
    {
        using var module = ModuleDefinition.ReadModule(typeof(Scalar).Assembly.Location);
        var calls = Members(module).ToDictionary(member => member.FullName, member => member.Body.Instructions.Select(instruction => (instruction.Operand as MethodReference)?.FullName).OfType<string>().ToArray());
        var careless = Members(module).Where(member => member.Body.Instructions.Any(IsUnheld)).Select(member => member.FullName).ToHashSet();
        while (calls.Where(member => !careless.Contains(member.Key) && member.Value.Any(careless.Contains)).Select(member => member.Key).ToArray() is { Length: > 0 } more)
        {
            careless.UnionWith(more);
        }

        return careless;
    }

    // What makes numbers gives them away, and holds none.
    private static IEnumerable<MethodDefinition> Members(ModuleDefinition module) => module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody && method.ReturnType.FullName != Number);

    // A number that goes into a variable is in a using declaration; one that does not is an argument.
    private static bool IsUnheld(Instruction instruction) =>
        instruction.Operand is MethodReference { Name: "op_Implicit" or "ToScalar", ReturnType.FullName: Number } && instruction.Next.OpCode.Code is not (>= Code.Stloc_0 and <= Code.Stloc_3) and not (Code.Stloc_S or Code.Stloc);
}
