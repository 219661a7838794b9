using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Diffusion.Dsl;
using Microsoft.CodeAnalysis;

namespace Diffusion.Generators.Reading;

/// <summary>Remembers which expression made a value and which stage gave a pipeline each of its parts, so that findings can be shown there.</summary>
internal sealed class Trace
{
    private static readonly System.Reflection.PropertyInfo[] Parts = [.. typeof(Pipeline).GetProperties().Where(property => property.CanWrite)];

    private readonly ConditionalWeakTable<object, IOperation> _origins = new();
    private readonly ConditionalWeakTable<Pipeline, Dictionary<string, IOperation>> _stages = new();

    /// <summary>Notes that <paramref name="expression"/> made <paramref name="value"/> out of <paramref name="from"/>.</summary>
    public void Note(object? value, object? from, IOperation expression)
    {
        if (value is null or string || value.GetType().IsValueType || ReferenceEquals(value, from))
        {
            return;
        }

        if (value is Pipeline pipeline && !_stages.TryGetValue(pipeline, out _))
        {
            var before = from as Pipeline;
            var stages = before is not null && _stages.TryGetValue(before, out var known) ? new Dictionary<string, IOperation>(known) : [];
            foreach (var part in Parts)
            {
                var (old, now) = (before is null ? null : part.GetValue(before), part.GetValue(pipeline));
                if (before is null ? now is not null : !Equals(old, now))
                {
                    stages[part.Name] = expression;
                }
            }

            _stages.Add(pipeline, stages);
        }

        // Constants of the library (Clamp.None) are one object for many expressions: the first stays.
        if (!_origins.TryGetValue(value, out _))
        {
            _origins.Add(value, expression);
        }
    }

    /// <summary>The expression that made <paramref name="value"/>, or null.</summary>
    public IOperation? Origin(object? value) => value is not null && _origins.TryGetValue(value, out var expression) ? expression : null;

    /// <summary>The stage that gave <paramref name="pipeline"/> its present <paramref name="part"/>, or null.</summary>
    public IOperation? Stage(Pipeline pipeline, string part) =>
        _stages.TryGetValue(pipeline, out var stages) && stages.TryGetValue(part, out var stage) ? stage : null;
}
