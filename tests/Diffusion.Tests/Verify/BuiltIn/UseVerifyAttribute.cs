using System;
using System.Reflection;
using System.Threading;
using VerifyXunit;
using Xunit.Sdk;

[assembly: UseVerify]

namespace VerifyXunit;

/// <summary>Tells <see cref="Verifier"/> which test is running; set on the assembly, as the package's build files do.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class UseVerifyAttribute : BeforeAfterTestAttribute
{
    private static readonly AsyncLocal<MethodInfo?> Current = new();

    public static MethodInfo Test => Current.Value ?? throw new InvalidOperationException("Verify was called outside of a test method.");

    public override void Before(MethodInfo methodUnderTest) => Current.Value = methodUnderTest;

    public override void After(MethodInfo methodUnderTest) => Current.Value = null;
}
