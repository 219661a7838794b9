using System.Linq;
using Diffusion.Dsl;

namespace Diffusion.Tests.Json;

public sealed class JsonValueTests
{
    [Fact]
    public void EveryKindIsRead()
    {
        var value = JsonValue.Parse(" {\"a\": [1, -2.5e-3, true, false, null, \"x\\u00e9\\n\"], \"b\": {}} ");

        Assert.Equal(["a", "b"], value.Members.Select(member => member.Name));
        Assert.Equal(1, value["a"].Items[0].AsInt());
        Assert.Equal(-0.0025, value["a"].Items[1].AsDouble());
        Assert.True(value["a"].Items[2].AsBoolean());
        Assert.False(value["a"].Items[3].AsBoolean());
        Assert.True(value["a"].Items[4].IsNull);
        Assert.Equal("x\u00e9\n", value["a"].Items[5].AsString());
        Assert.Equal(JsonKind.Object, value["b"].Kind);
        Assert.Null(value.Find("c"));
    }

    [Theory]
    [InlineData("1e-05")]
    [InlineData("0.00001")]
    [InlineData("1E+2")]
    [InlineData("-0")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("12345678901234567890123")]
    public void NumbersKeepTheirText(string number) => Assert.Equal($"[{number}]", JsonValue.Parse($"[{number}]").ToString());

    [Fact]
    public void BareWordsOfPythonAreNumbers()
    {
        var values = JsonValue.Parse("[NaN, Infinity, -Infinity]").Items.Select(item => item.AsDouble());

        Assert.Equal([double.NaN, double.PositiveInfinity, double.NegativeInfinity], values);
    }

    [Theory]
    [InlineData("", "a value is needed, found the end at line 1, column 1")]
    [InlineData("{\n  \"a\": 1,\n}", "a member's name in double quotes is needed, found '}' at line 3, column 1")]
    [InlineData("{\"a\" 1}", "':' is needed, found '1' at line 1, column 6")]
    [InlineData("[1 2]", "a comma or ']' is needed, found '2' at line 1, column 4")]
    [InlineData("[1,]", "a value is needed, found ']' at line 1, column 4")]
    [InlineData("01", "the value has ended, found '1' at line 1, column 2")]
    [InlineData("1.", "a digit is needed, found the end at line 1, column 3")]
    [InlineData("-", "a digit is needed, found the end at line 1, column 2")]
    [InlineData("+1", "a value is needed, found '+' at line 1, column 1")]
    [InlineData("'a'", "a value is needed, found ''' at line 1, column 1")]
    [InlineData("\"a", "the string is not closed at line 1, column 3")]
    [InlineData("\"a\nb\"", "a control character stands in a string")]
    [InlineData("\"\\x\"", "a backslash is followed by 'x'")]
    [InlineData("\"\\u00g0\"", "a backslash is followed by 'u'")]
    [InlineData("nul", "a value is needed, found 'n'")]
    [InlineData("true false", "the value has ended, found 'f' at line 1, column 6")]
    public void WhatIsNotJsonIsRefusedWithItsPlace(string text, string problem)
    {
        var error = Assert.Throws<DiffusionException>(() => JsonValue.Parse(text, "config.json"));

        Assert.Equal("DIF0580", error.Id);
        Assert.Contains("config.json is not JSON: " + problem, error.Message);
    }

    [Fact]
    public void DeepNestingIsRefusedBeforeTheStackEnds()
    {
        Assert.Equal("DIF0580", Assert.Throws<DiffusionException>(() => JsonValue.Parse(new string('[', 100_000))).Id);
        Assert.Equal(JsonKind.Array, JsonValue.Parse(new string('[', 200) + new string(']', 200)).Kind);
    }

    [Fact]
    public void TheIndentedTextIsPythons()
    {
        var value = JsonValue.EmptyObject
            .With("b", JsonValue.Array([JsonValue.Of(1), JsonValue.Of(1.0), JsonValue.Of(1e-5)]))
            .With("a", JsonValue.Of("\u00e9\u007f\"\\/\t\ud83d\ude00"))
            .With("Z", JsonValue.Array([]))
            .With("_", JsonValue.EmptyObject)
            .With("c", JsonValue.Object([new JsonMember("d", JsonValue.Null)]));

        const string Expected = """
            {
              "Z": [],
              "_": {},
              "a": "\u00e9\u007f\"\\/\t\ud83d\ude00",
              "b": [
                1,
                1.0,
                1e-05
              ],
              "c": {
                "d": null
              }
            }

            """;
        Assert.Equal(Expected, value.ToIndentedString());
        Assert.StartsWith("{\n  \"b\": [", value.ToIndentedString(sortKeys: false));
        Assert.Equal(value, JsonValue.Parse(value.ToIndentedString(sortKeys: false)));
    }

    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(-0.000123, "-0.000123")]
    [InlineData(1.25e-7, "1.25e-07")]
    [InlineData(123456789.125, "123456789.125")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1.5e300, "1.5e+300")]
    [InlineData(0.30000000000000004, "0.30000000000000004")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void DoublesAreWrittenAsPythonWritesFloats(double value, string expected) => Assert.Equal(expected, JsonValue.Of(value).ToString());

    [Fact]
    public void EqualityIsStructuralAndKnowsOrder()
    {
        Assert.Equal(JsonValue.Parse("{\"a\":[1,{}]}"), JsonValue.Parse(" { \"a\" : [ 1 , { } ] } "));
        Assert.Equal(JsonValue.Parse("{\"a\":1}").GetHashCode(), JsonValue.Parse("{ \"a\":1}").GetHashCode());
        Assert.NotEqual(JsonValue.Parse("{\"a\":1,\"b\":2}"), JsonValue.Parse("{\"b\":2,\"a\":1}"));
        Assert.NotEqual(JsonValue.Parse("1"), JsonValue.Parse("1.0"));
        Assert.NotEqual(JsonValue.Parse("\"1\""), JsonValue.Parse("1"));
    }

    [Fact]
    public void TheLastOfTwoEqualNamesCounts() => Assert.Equal("{\"a\":3,\"b\":2}", JsonValue.Parse("{\"a\":1,\"b\":2,\"a\":3}").ToString());

    [Fact]
    public void LargeObjectsAreSearchedByName()
    {
        var value = JsonValue.Object(Enumerable.Range(0, 1000).Select(i => new JsonMember($"k{i}", JsonValue.Of(i))));

        Assert.Equal(777, value["k777"].AsInt());
        Assert.Null(value.Find("k1000"));
        Assert.Null(value.Without("k777").Find("k777"));
    }

    [Fact]
    public void AnotherKindIsNamedInTheError()
    {
        var error = Assert.Throws<DiffusionException>(() => JsonValue.Parse("\"28\"").AsInt());

        Assert.Equal("DIF0581: the JSON value \"28\" is a string, and a whole number is needed here; write a whole number in its place", error.Message);
        Assert.Throws<DiffusionException>(() => JsonValue.Parse("1.5").AsInt());
        Assert.Throws<DiffusionException>(() => JsonValue.Parse("3000000000").AsInt());
        Assert.Equal(3_000_000_000, JsonValue.Parse("3000000000").AsLong());
        Assert.Equal(28, JsonValue.Parse("28.0").AsInt());
        Assert.False(JsonValue.Parse("28.0").IsInteger);
    }

    [Fact]
    public void AMissingMemberNamesThoseThatAreThere()
    {
        var error = Assert.Throws<DiffusionException>(() => JsonValue.Parse("{\"a\":1}")["b"]);

        Assert.Equal("DIF0582", error.Id);
        Assert.Contains("no member \"b\"; it has \"a\"", error.Message);
    }
}
