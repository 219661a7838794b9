using System;

namespace Diffusion.Parity;

/// <summary>A case lacks something, or holds something of another form than it should; the message is one sentence.</summary>
internal sealed class GoldenException(string message) : Exception(message);
