using System.Text.Json.Nodes;
using Threeport.Cli.Output;

namespace Threeport.Cli.Connection;

/// <summary>Says a problem document in one line.</summary>
internal static class ApiProblem
{
    public static FailureException ToFailure(Answer answer) =>
        new(Describe(answer)) { Document = answer.Body is JsonObject ? Json.Write(answer.Body) : null };

    public static string Describe(Answer answer)
    {
        if (answer.Body is not JsonObject problem)
        {
            return $"the control plane answered {answer.Status}: {answer.Body.Text()}";
        }

        if (problem["errors"] is JsonArray { Count: > 0 } errors)
        {
            return string.Join(
                "\n       ",
                errors.Select(static e => $"{Field(e!["pointer"].Text())}{e["detail"].Text()}")
            );
        }

        var detail = problem["detail"] is { } text ? text.Text() : problem["title"].Text();
        return problem["blockers"] is JsonArray ? $"{detail} (--explain lists them all)" : detail;
    }

    /// <summary>For <c>/spec/yamlDocument</c>: <c>spec.yamlDocument: </c>.</summary>
    public static string Field(string pointer) =>
        pointer.Length == 0
            ? ""
            : pointer.TrimStart('/').Replace('/', '.').Replace("~1", "/").Replace("~0", "~") + ": ";
}
