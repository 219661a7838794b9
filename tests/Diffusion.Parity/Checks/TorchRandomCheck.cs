using System.Linq;
using Diffusion.Dsl;
using static TorchSharp.torch;

namespace Diffusion.Parity.Checks;

/// <summary>
/// Random numbers of PyTorch's CPU generator: <c>randn_1x4x8x8</c>, <c>rand_6</c>, <c>randint_0_1000_8</c>, <c>randperm_10</c>,
/// each the first numbers after <c>seed</c>.
/// </summary>
internal sealed class TorchRandomCheck : IParityCheck
{
    public bool Takes(GoldenCase golden) => golden.Has("seed") && golden.Content.Members.Any(IsDraw);

    public void Check(GoldenCase golden, Comparison comparison)
    {
        var seed = (ulong)golden.Content.Field("seed").AsLong();
        foreach (var draw in golden.Content.Members.Where(IsDraw))
        {
            using var generator = new Generator(seed, CPU);
            using var drawn = Draw(draw.Name, generator);
            var recorded = golden.Content.Numbers(draw.Name);
            if (recorded.Length > drawn.numel())
            {
                throw new GoldenException($"'{draw.Name}' has {recorded.Length} values, but the draw has {drawn.numel()}");
            }

            // Larger tensors are recorded by their first values.
            using var first = drawn.flatten().narrow(0, 0, recorded.Length).to(float64);
            comparison.CloseNumbers(draw.Name, recorded, first.data<double>().ToArray());
        }
    }

    private static bool IsDraw(JsonMember member) => member.Name.Split('_')[0] is "randn" or "rand" or "randint" or "randperm";

    private static Tensor Draw(string name, Generator generator) => name.Split('_') switch
    {
        ["randn", var shape] => randn(Sizes(shape), generator: generator),
        ["rand", var shape] => rand(Sizes(shape), generator: generator),
        ["randint", var low, var high, var shape] => randint(Size(low), Size(high), Sizes(shape), generator: generator),
        ["randperm", var count] => randperm(Size(count), generator: generator),
        _ => throw new GoldenException($"'{name}' is a draw of an unknown form"),
    };

    private static long[] Sizes(string text) => text.Split('x').Select(Size).ToArray();

    private static long Size(string text) => long.TryParse(text, out var size) ? size : throw new GoldenException($"'{text}' in the name of a draw is no number");
}
