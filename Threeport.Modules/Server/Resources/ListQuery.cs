namespace Threeport.Server.Resources;

/// <summary>One term of a list's filter.</summary>
/// <param name="Path"><c>name</c>, <c>labels.x</c>, <c>spec.x.y</c>, <c>status.x</c>, or <c>status</c>: the reason of Ready.</param>
/// <param name="Negated">The field must differ from the value.</param>
/// <param name="Value">Compared as text.</param>
internal sealed record FilterTerm(string Path, bool Negated, string Value);

/// <summary>A page of a list.</summary>
/// <param name="Terms">All must hold. An unknown path is a 400 that names it.</param>
/// <param name="Sort">A path, with <c>-</c> before it for descending; <c>name</c> by default; ties are broken by name.</param>
/// <param name="Limit">1 to 500.</param>
/// <param name="Continue">The token that the page before ended with; bound to kind, terms and sort.</param>
internal sealed record ListQuery(IReadOnlyList<FilterTerm> Terms, string? Sort, int Limit, string? Continue)
{
    /// <summary>The page size when the client names none.</summary>
    public const int DefaultLimit = 50;

    /// <summary>The largest page.</summary>
    public const int MaxLimit = 500;
}

/// <summary>A page of resources.</summary>
/// <param name="Items">In order.</param>
/// <param name="Continue">For the next page; null on the last.</param>
internal sealed record ListPage(IReadOnlyList<Threeport.Api.Resource> Items, string? Continue);
