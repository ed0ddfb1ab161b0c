using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Threeport.Cli.Connection;
using Threeport.Cli.Files;
using Threeport.Cli.Kinds;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>edit</c>: labels and spec in the user's editor, written back if nobody else changed them meanwhile.</summary>
internal static class EditCommand
{
    private static readonly Argument<string[]> What = Options.What("KIND NAME, or KIND/NAME");

    public static Command Create(Terminal terminal) =>
        new Command("edit", "Change a resource in your editor ($VISUAL, $EDITOR, or vi)") { What }
            .WithExamples("qleetctl edit workload-definition shop")
            .Does(terminal, RunAsync);

    private static async Task<int> RunAsync(Session session, ParseResult result, CancellationToken cancellationToken)
    {
        var (kind, name) = await EventsCommand.SingleAsync(session, result.GetValue(What)!, cancellationToken);
        var before = await session.GetAsync(kind, name, cancellationToken);
        var written = Json.Object(
            ("kind", kind.Singular),
            ("name", name),
            ("labels", before["labels"]),
            ("spec", before["spec"])
        );
        var text = Yaml.Write(written);
        var file = Path.Combine(Path.GetTempPath(), $"qleetctl-{kind.Singular}-{name}-{Environment.ProcessId}.yaml");
        await File.WriteAllTextAsync(file, text, cancellationToken);
        await RunEditorAsync(file, cancellationToken);
        if (await File.ReadAllTextAsync(file, cancellationToken) == text)
        {
            File.Delete(file);
            session.Terminal.Error.WriteLine("Nothing was changed.");
            return ExitCode.Done;
        }

        try
        {
            await WriteAsync(session, kind, before, file, cancellationToken);
            File.Delete(file);
            session.Terminal.Out.WriteLine($"{kind.Singular}/{name} updated");
            return ExitCode.Done;
        }
        catch (FailureException e)
        {
            throw new FailureException(
                $"{e.Message}\n       Your text is kept in {file}; apply it with `qleetctl apply -f {file}`."
            );
        }
    }

    /// <summary>The status moves the revision too: as long as labels and spec are as they were read, the write is repeated.</summary>
    private static async Task WriteAsync(
        Session session,
        Kind kind,
        JsonObject before,
        string file,
        CancellationToken cancellationToken
    )
    {
        var kinds = await session.KindsAsync(cancellationToken);
        var document = (await ResourceFiles.ReadAsync([file], kinds, session.Terminal.In, cancellationToken))[0];
        var path = Session.PathOf(kind, before["name"].Text());
        var current = before;
        while (true)
        {
            var answer = await session.Client.TrySendAsync(
                new(HttpMethod.Put, path, document.Body) { IfMatch = $"\"{current["revision"].Text()}\"" },
                cancellationToken
            );
            if (answer.Status < 400)
            {
                return;
            }

            if (answer.Status != 412)
            {
                throw ApiProblem.ToFailure(answer);
            }

            current = await session.GetAsync(kind, before["name"].Text(), cancellationToken);
            if (
                !JsonNode.DeepEquals(current["spec"], before["spec"])
                || !JsonNode.DeepEquals(current["labels"], before["labels"])
            )
            {
                throw new FailureException(
                    $"{kind.Singular}/{before["name"].Text()} was changed by somebody else meanwhile."
                );
            }
        }
    }

    private static async Task RunEditorAsync(string file, CancellationToken cancellationToken)
    {
        var editor =
            Environment.GetEnvironmentVariable("VISUAL") is { Length: > 0 } visual ? visual
            : Environment.GetEnvironmentVariable("EDITOR") is { Length: > 0 } plain ? plain
            : "vi";
        // As git does it: the variable may hold arguments.
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", $"{editor} \"$1\"", "sh", file } };
        using var process = Process.Start(start) ?? throw new FailureException($"The editor {editor} does not start.");
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new FailureException($"The editor {editor} ended with {process.ExitCode}; nothing was changed.");
        }
    }
}
