using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>keys</c>: what sensitive values are encrypted with.</summary>
internal static class KeysCommand
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private static readonly Option<bool> Wait = Options.Wait(
        "Return when nothing is encrypted with an older key any more"
    );
    private static readonly Option<string> Timeout = Options.Timeout("10m");

    public static Command Create(Terminal terminal) =>
        new("keys", "The keys that sensitive values are encrypted with") { List(terminal), Rotate(terminal) };

    private static Command List(Terminal terminal) =>
        new Command("list", "List them, oldest first").Does(
            terminal,
            static async (session, _, cancellationToken) =>
            {
                var table = new Table("ID", "AGE", "");
                foreach (var key in await ReadAsync(session, cancellationToken))
                {
                    var age = Age.Of(key!["createdAt"].Text(), TimeProvider.System.GetUtcNow());
                    table.Add(key["id"].Text(), age, key["active"].Text() == "true" ? "encrypts" : "");
                }

                table.Write(session.Terminal);
                return ExitCode.Done;
            }
        );

    private static Command Rotate(Terminal terminal) =>
        new Command("rotate", "Make a new key, encrypt everything anew with it, and remove the one before it")
        {
            Wait,
            Timeout,
        }
            .WithExamples("qleetctl keys rotate --wait")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var answer = await session.Client.SendAsync(
                        new(HttpMethod.Post, "/v0/keys", new JsonObject()),
                        cancellationToken
                    );
                    var id = answer.Body?["id"].Text() ?? "";
                    if (result.GetValue(Wait))
                    {
                        session.Terminal.Error.WriteLine(
                            $"Waiting until every replica knows {id} and all is encrypted with it: about two minutes."
                        );
                        return await UntilAloneAsync(
                            session,
                            id,
                            Age.Parse(result.GetValue(Timeout)!),
                            cancellationToken
                        );
                    }

                    session.Terminal.Out.WriteLine(
                        $"The key {id} encrypts as soon as every replica knows it; the older ones go when nothing is encrypted with them any more."
                    );
                    return ExitCode.Done;
                }
            );

    private static async Task<int> UntilAloneAsync(
        Session session,
        string id,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while ((await ReadAsync(session, either.Token)).Any(k => k!["id"].Text() != id))
            {
                await Task.Delay(LookEvery, either.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            session.Terminal.Error.WriteLine(
                $"An older key is still there after {Age.Of(timeout)}; `qleetctl keys list` shows it."
            );
            return ExitCode.NotReady;
        }

        session.Terminal.Out.WriteLine($"Everything is encrypted with {id}.");
        return ExitCode.Done;
    }

    private static async Task<JsonArray> ReadAsync(Session session, CancellationToken cancellationToken) =>
        (await session.Client.SendAsync(ApiRequest.Get("/v0/keys"), cancellationToken)).Body?["items"] as JsonArray
        ?? [];
}
