namespace Threeport.Api;

/// <summary>The problems that there are, one method for each type.</summary>
public static class Problems
{
    /// <summary>The type of <see cref="PassLost"/>, behind <see cref="Problem.TypePrefix"/>.</summary>
    public const string PassLostType = "pass-lost";

    /// <summary>400: fields are wrong.</summary>
    public static Problem Validation(params IReadOnlyList<ProblemError> errors) =>
        Of("validation", 400, "The request is not valid.") with
        {
            Errors = errors,
        };

    /// <summary>400: the request as a whole is wrong.</summary>
    public static Problem BadRequest(string detail) => Of("bad-request", 400, "The request is not valid.", detail);

    /// <summary>401: it is not known who asks.</summary>
    public static Problem Unauthenticated(string detail) => Of("unauthenticated", 401, "Who are you?", detail);

    /// <summary>403: who asks may not.</summary>
    public static Problem Forbidden(string detail) => Of("forbidden", 403, "That is not allowed.", detail);

    /// <summary>404: there is no such thing.</summary>
    public static Problem NotFound(string detail) => Of("not-found", 404, "There is no such resource.", detail);

    /// <summary>409: it clashes with what is there.</summary>
    public static Problem Conflict(string detail) => Of("conflict", 409, "That clashes with what is there.", detail);

    /// <summary>409: others still use it.</summary>
    /// <param name="detail">Names the first few.</param>
    /// <param name="blockers">All of them, as <c>kind/name</c>.</param>
    public static Problem InUse(string detail, IReadOnlyList<string> blockers) =>
        Of("in-use", 409, "It is in use.", detail) with
        {
            Blockers = blockers,
        };

    /// <summary>409: the control plane was restored, and only observes until somebody says yes.</summary>
    public static Problem Observing(string detail) => Of("observing", 409, "The control plane only observes.", detail);

    /// <summary>409: the lease of a pass went to another replica, or the resource is gone.</summary>
    public static Problem PassLost(string detail) => Of(PassLostType, 409, "The pass is over.", detail);

    /// <summary>405: not this method.</summary>
    public static Problem MethodNotAllowed(string detail) =>
        Of("method-not-allowed", 405, "That method is not possible here.", detail);

    /// <summary>500: a defect of the control plane; its log has it under the trace.</summary>
    public static Problem Internal() =>
        Of("internal", 500, "Something is wrong with the control plane.", "Its log says what, under this trace.");

    /// <summary>412: it changed since it was read.</summary>
    public static Problem Stale(string detail) => Of("stale", 412, "It has changed since you read it.", detail);

    /// <summary>413: too large.</summary>
    public static Problem TooLarge(string detail) => Of("too-large", 413, "That is too large.", detail);

    /// <summary>415: not the media type that is taken.</summary>
    public static Problem UnsupportedMediaType(string detail) =>
        Of("unsupported-media-type", 415, "That media type is not taken here.", detail);

    /// <summary>429: too many requests.</summary>
    public static Problem TooMany(string detail) => Of("too-many", 429, "Slow down.", detail);

    /// <summary>503: something it needs is away; try again.</summary>
    public static Problem Unavailable(string detail) => Of("unavailable", 503, "Not available just now.", detail);

    private static Problem Of(string type, int status, string title, string? detail = null) =>
        new()
        {
            Type = Problem.TypePrefix + type,
            Status = status,
            Title = title,
            Detail = detail,
        };
}
