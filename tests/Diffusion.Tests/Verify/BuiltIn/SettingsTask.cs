using System;
using System.Globalization;
using System.Linq;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;

namespace VerifyXunit;

/// <summary>A verification that runs when it is awaited; until then its file name can be extended.</summary>
internal sealed class SettingsTask(MethodInfo test, Action<string> run)
{
    // What no file system of the three platforms takes in a name.
    private const string InvalidInFileNames = "\"\\<>|:*?/";

    private string _suffix = "";

    /// <summary>Adds <c>_name=value</c> for each argument of a theory.</summary>
    public SettingsTask UseParameters(params object?[] parameters)
    {
        var names = test.GetParameters().Select(parameter => parameter.Name);
        _suffix = string.Concat(names.Zip(parameters, (name, value) => $"_{name}={Clean(value)}"));
        return this;
    }

    /// <summary>Adds <c>_text</c>.</summary>
    public SettingsTask UseTextForParameters(string text)
    {
        _suffix = "_" + Clean(text);
        return this;
    }

    public TaskAwaiter GetAwaiter()
    {
        Run();
        return Task.CompletedTask.GetAwaiter();
    }

    /// <summary>Lets a test be written as an expression, as Verify allows.</summary>
    public static implicit operator Task(SettingsTask settings)
    {
        settings.Run();
        return Task.CompletedTask;
    }

    private void Run() => run(_suffix);

    private static string Clean(object? value) => string.Concat(
        (Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null").Select(sign => sign < ' ' || InvalidInFileNames.Contains(sign) ? '-' : sign));
}
