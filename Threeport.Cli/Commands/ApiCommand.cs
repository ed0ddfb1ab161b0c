using System.CommandLine;
using System.Text.Json.Nodes;
using Threeport.Cli.Files;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>api</c>: any request, with the credentials of the current control plane.</summary>
internal static class ApiCommand
{
    private static readonly Argument<string> Method = new("METHOD") { Description = "GET, POST, PUT, PATCH, DELETE" };
    private static readonly Argument<string> PathArgument = new("PATH") { Description = "/v0/…" };
    private static readonly Option<string?> Body = new("--filename", "-f")
    {
        Description = "The body: a JSON or YAML file, or - for standard input",
        HelpName = "FILE|-",
    };

    public static Command Create(Terminal terminal) =>
        new Command("api", "Send any request to the API and print the answer") { Method, PathArgument, Body }
            .WithExamples("qleetctl api GET /v0/kinds", "qleetctl api POST /v0/apply -f resources.json")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var body = await BodyAsync(session, result.GetValue(Body), cancellationToken);
                    var path = result.GetValue(PathArgument)!;
                    var method = new HttpMethod(result.GetValue(Method)!.ToUpperInvariant());
                    var answer = await session.Client.TrySendAsync(
                        new(method, path.StartsWith('/') ? path : "/" + path, body),
                        cancellationToken
                    );
                    if (answer.Body is not null)
                    {
                        session.Terminal.Out.WriteLine(
                            answer.Body is JsonValue text
                            && text.GetValueKind() is System.Text.Json.JsonValueKind.String
                                ? text.Text()
                                : Json.Write(answer.Body)
                        );
                    }

                    return answer.Status < 400 ? ExitCode.Done : ExitCode.Failed;
                }
            );

    private static async Task<JsonNode?> BodyAsync(Session session, string? file, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            return null;
        }

        if (file != "-" && !File.Exists(file))
        {
            throw new FailureException($"{file}: there is no such file.");
        }

        var text =
            file == "-"
                ? await session.Terminal.In.ReadToEndAsync(cancellationToken)
                : await File.ReadAllTextAsync(file, cancellationToken);
        return SourceReader.Read(text, file) is [var document]
            ? document.ToJson()
            : throw new FailureException($"{file}: holds not one document.");
    }
}
