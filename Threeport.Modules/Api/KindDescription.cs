using System.Text.Json.Nodes;

namespace Threeport.Api;

/// <summary>The answer of <c>GET /v0/kinds</c>: everything that a client needs to know to speak of a kind.</summary>
/// <param name="Plural">The route, <c>workload-instances</c>.</param>
/// <param name="Singular">The <c>kind</c> of a resource in JSON, <c>workload-instance</c>.</param>
/// <param name="ShortNames">What may be typed instead.</param>
/// <param name="Module">The module that it belongs to.</param>
/// <param name="Summary">One sentence on what it is.</param>
/// <param name="Columns">What a table shows, in order.</param>
/// <param name="References">The fields that name other resources.</param>
/// <param name="Schema">JSON Schema (2020-12) of the whole resource; <c>properties.spec</c> is what a client writes.</param>
public sealed record KindDescription(
    string Plural,
    string Singular,
    IReadOnlyList<string> ShortNames,
    string Module,
    string Summary,
    IReadOnlyList<ColumnDescription> Columns,
    IReadOnlyList<ReferenceDescription> References,
    JsonObject Schema
);

/// <summary>A column of a kind's table.</summary>
/// <param name="Header">What stands above it.</param>
/// <param name="Path">The field, <c>spec.workloadDefinition</c>; <c>status</c> alone is the reason of Ready, <c>message</c> its message.</param>
/// <param name="Format"><c>text</c>, or <c>age</c> for a time shown as how long ago.</param>
/// <param name="Wide">Shown with <c>-o wide</c> only.</param>
public sealed record ColumnDescription(string Header, string Path, string Format, bool Wide);

/// <summary>A field that names a resource of another kind.</summary>
/// <param name="Path">The field, <c>spec.workloadDefinition</c>.</param>
/// <param name="Kind">The plural of the kind referred to.</param>
/// <param name="Owner">The resource belongs to the one it names.</param>
/// <param name="Except">Names that are of no resource; null when there are none.</param>
public sealed record ReferenceDescription(string Path, string Kind, bool Owner, IReadOnlyList<string>? Except);
