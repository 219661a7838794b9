using System;

namespace Diffusion.Dsl;

/// <summary>The member reads files, so that its value is not known at build time.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ReadsFilesAttribute : Attribute;
