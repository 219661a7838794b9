using System;
using System.Linq;
using System.Reflection;
using Diffusion.Dsl;

namespace Diffusion.Parity.Sampling;

/// <summary>Arguments of diffusers' <c>set_timesteps</c> and <c>step</c>, said to the library's sampler by its With… method of the same word.</summary>
internal static class Arguments
{
    /// <summary>The sampler with the argument: <c>s_churn</c> by <c>WithSChurn</c>, <c>timesteps</c> by <c>WithCustomTimesteps</c>.</summary>
    public static Scheduler With(Scheduler sampler, JsonMember argument)
    {
        var word = string.Concat(argument.Name.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
        var method = new[] { "WithCustom" + word, "With" + word }
            .Select(name => sampler.GetType().GetMethod(name, BindingFlags.Public | BindingFlags.Instance))
            .FirstOrDefault(found => found is not null) ?? throw new GoldenException($"{argument.Name} is given, which {sampler} does not know");
        return (Scheduler)method.Invoke(sampler, [Value(argument.Value, method.GetParameters()[0].ParameterType)])!;
    }

    private static object Value(JsonValue value, Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var number when number == typeof(int) => value.AsInt(),
        var flag when flag == typeof(bool) => value.AsBoolean(),
        var list when list == typeof(int[]) => value.Items.Select(item => item.AsInt()).ToArray(),
        var list when list == typeof(double[]) => value.Items.Select(item => item.AsDouble()).ToArray(),
        _ => value.AsDouble(),
    };
}
