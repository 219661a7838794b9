using System;
using System.Linq;
using Diffusion.Runtime.Compilation;
using TorchSharp;
using Tensor = TorchSharp.torch.Tensor;

namespace Diffusion.Tests.House;

/// <summary>docs/pitfalls.md, «Numbers that are gone while torch reads them».</summary>
public sealed class UnheldNumbersTests
{
    // Packing hands a script numbers that are held: nothing is made of them on the way.
    private const string Allowed = "CompilationUnit::invoke";

    [Fact]
    public void TheRuntimeHoldsEveryNumberThatTorchReads() =>
        Assert.DoesNotContain(UnheldNumbers.In(typeof(CompiledPipeline).Assembly), place => !place.Contains(Allowed, StringComparison.Ordinal));

    [Fact]
    public void AnUnheldNumberIsFound()
    {
        var found = UnheldNumbers.In(typeof(UnheldNumbersTests).Assembly);
        Assert.Contains(found, place => place.Contains(nameof(Argument), StringComparison.Ordinal));
        Assert.Contains(found, place => place.Contains(nameof(Operator), StringComparison.Ordinal));
        Assert.Contains(found, place => place.Contains(nameof(Member), StringComparison.Ordinal));
        Assert.DoesNotContain(found, place => place.Contains(nameof(Held), StringComparison.Ordinal));
    }

    private static Tensor Argument(Tensor tensor) => tensor.mul(2);

    private static Tensor Operator(Tensor tensor) => tensor + tensor;

    private static Tensor Member(Tensor tensor) => tensor.square();

    private static Tensor Held(Tensor tensor)
    {
        using Scalar two = 2;
        return tensor.mul(two);
    }
}
