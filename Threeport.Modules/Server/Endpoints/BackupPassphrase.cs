using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Threeport.Api;
using Threeport.BackupFormat;

namespace Threeport.Server.Endpoints;

/// <summary>The passphrase as it comes: in the body, where nothing logs it, and never said again.</summary>
internal static class BackupPassphrase
{
    private const string Member = "passphrase";
    private const int MaxLine = 16 * 1024;

    /// <exception cref="ProblemException">400: it is not there, or not good enough.</exception>
    public static string Read(JsonObject body)
    {
        if (body.Select(static m => m.Key).FirstOrDefault(static k => k != Member) is { } unknown)
        {
            var shown = unknown.Length > 100 ? unknown[..100] + "…" : unknown;
            throw CredentialRequest.Wrong(shown, $"There is no such member; there is {Member}.");
        }

        var passphrase = CredentialRequest.Text(body[Member]);
        return Passphrase.Wrong(passphrase) is { } wrong ? throw CredentialRequest.Wrong(Member, wrong) : passphrase!;
    }

    /// <summary>From the line of JSON that a body begins with; what follows it is left to be read.</summary>
    /// <exception cref="ProblemException">400: there is no such line, or it is not good enough.</exception>
    public static async Task<string> ReadLineAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var body = context.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.Buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = read.Buffer.Slice(0, end).ToArray();
                body.AdvanceTo(read.Buffer.GetPosition(1, end));
                return Parse(line);
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted || read.Buffer.Length > MaxLine)
            {
                throw NoLine();
            }
        }
    }

    private static string Parse(byte[] line)
    {
        try
        {
            return Read(JsonNode.Parse(line) as JsonObject ?? throw NoLine());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw NoLine();
        }
    }

    private static ProblemException NoLine() =>
        new(
            Problems.BadRequest(
                $"The body must begin with a line of JSON, {{\"{Member}\": \"…\"}}; the backup follows it, as it is."
            )
        );
}
