using System.CommandLine;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>auth token</c>: API tokens, for automation.</summary>
internal static class TokenCommand
{
    private static readonly Argument<string> Name = new("NAME")
    {
        Description = "Who the bearer is: ci, alice@example.org",
    };
    private static readonly Option<string[]> Roles = new("--role")
    {
        Description = "admin, operator, developer, viewer or a role of yours; may be given more than once",
        HelpName = "ROLE",
        Required = true,
    };
    private static readonly Option<string> Expires = new("--expires")
    {
        Description = "How long it works, 366d at most",
        HelpName = "DURATION",
        DefaultValueFactory = static _ => "90d",
    };

    public static Command Create(Terminal terminal) =>
        new("token", "Issue, list and revoke API tokens")
        {
            Issue(terminal),
            Credentials.List(terminal, "tokens"),
            Credentials.Revoke(terminal, "tokens"),
        };

    private static Command Issue(Terminal terminal) =>
        new Command("create", "Issue a token and print it; it is not shown again") { Name, Roles, Expires }
            .WithExamples("qleetctl auth token create ci --role operator --expires 30d")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var body = Credentials.Body(
                        result.GetValue(Name)!,
                        result.GetValue(Roles)!,
                        result.GetValue(Expires)!
                    );
                    var answer = await session.Client.SendAsync(
                        new(HttpMethod.Post, "/v0/tokens", body),
                        cancellationToken
                    );
                    session.Terminal.Out.WriteLine(answer.Body?["token"].Text());
                    return ExitCode.Done;
                }
            );
}
