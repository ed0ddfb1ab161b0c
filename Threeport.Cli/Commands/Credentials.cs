using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary>What tokens and certificates have in common.</summary>
internal static class Credentials
{
    public static JsonObject Body(string name, string[] roles, string expires) =>
        new()
        {
            ["name"] = name,
            ["roles"] = new JsonArray([.. roles.Select(static r => (JsonNode)r)]),
            ["expiresIn"] = expires,
        };

    /// <param name="terminal">The terminal.</param>
    /// <param name="what"><c>tokens</c> or <c>certificates</c>.</param>
    public static Command List(Terminal terminal, string what) =>
        new Command("list", $"List the {what} that have not expired").Does(
            terminal,
            async (session, _, cancellationToken) =>
            {
                var answer = await session.Client.SendAsync(ApiRequest.Get($"/v0/{what}"), cancellationToken);
                var table = new Table("ID", "NAME", "ROLES", "ISSUED BY", "AGE", "EXPIRES", "");
                foreach (var one in answer.Body?["items"] as JsonArray ?? [])
                {
                    table.Add(
                        one!["id"].Text(),
                        one["name"].Text(),
                        string.Join(",", (one["roles"] as JsonArray ?? []).Select(static r => r.Text())),
                        one["issuedBy"].Text(),
                        Age.Of(one["issuedAt"].Text(), TimeProvider.System.GetUtcNow()),
                        one["expiresAt"].Text()[..10],
                        one["revokedAt"] is null ? "" : "revoked"
                    );
                }

                table.Write(session.Terminal);
                return ExitCode.Done;
            }
        );

    /// <inheritdoc cref="List" />
    public static Command Revoke(Terminal terminal, string what)
    {
        var ids = new Argument<string[]>("ID…")
        {
            Description = $"As `auth {what[..^1]} list` shows them",
            Arity = ArgumentArity.OneOrMore,
        };
        return new Command("revoke", $"Take {what} back, within half a minute on every replica") { ids }.Does(
            terminal,
            async (session, result, cancellationToken) =>
            {
                foreach (var id in result.GetValue(ids)!)
                {
                    var path = $"/v0/{what}/{Uri.EscapeDataString(id)}";
                    await session.Client.SendAsync(new(HttpMethod.Delete, path), cancellationToken);
                    session.Terminal.Out.WriteLine($"revoked {id}");
                }

                return ExitCode.Done;
            }
        );
    }
}
