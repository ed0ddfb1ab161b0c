using System.CommandLine;
using Threeport.Certificates;
using Threeport.Cli.Files;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>auth certificate</c>: client certificates, for people and for other processes.</summary>
internal static class CertificateCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "Who the bearer is: alice" };
    private static readonly Option<string[]> Roles = new("--role")
    {
        Description = "admin, operator, developer, viewer or a role of yours; may be given more than once",
        HelpName = "ROLE",
        Required = true,
    };
    private static readonly Option<string> Expires = new("--expires")
    {
        Description = "How long it is good for, 90d at most; its bearer renews it before",
        HelpName = "DURATION",
        DefaultValueFactory = static _ => "30d",
    };
    private static readonly Option<string> Folder = new("--out")
    {
        Description = "The folder that NAME.crt, NAME.key and ca.crt are written to",
        HelpName = "DIR",
        DefaultValueFactory = static _ => ".",
    };

    public static Command Create(Terminal terminal) =>
        new("certificate", "Issue, list and revoke client certificates")
        {
            Issue(terminal),
            Credentials.List(terminal, "certificates"),
            Credentials.Revoke(terminal, "certificates"),
        };

    private static Command Issue(Terminal terminal) =>
        new Command("create", "Make a key, and a certificate for it") { Name, Roles, Expires, Folder }
            .WithExamples("qleetctl auth certificate create alice --role developer --out alice/")
            .Does(
                terminal,
                static async (session, result, cancellationToken) =>
                {
                    var (name, folder) = (result.GetValue(Name)!, result.GetValue(Folder)!);
                    var (request, key) = SigningRequest.Make();
                    var body = Credentials.Body(name, result.GetValue(Roles)!, result.GetValue(Expires)!);
                    body["csr"] = request;
                    var answer = await session.Client.SendAsync(
                        new(HttpMethod.Post, "/v0/certificates", body),
                        cancellationToken
                    );
                    var file = Path.Combine(folder, FileName(name));
                    Directory.CreateDirectory(folder);
                    OwnerFile.Write($"{file}.key", key);
                    OwnerFile.Write($"{file}.crt", answer.Body?["certificate"].Text() ?? "");
                    OwnerFile.Write(Path.Combine(folder, "ca.crt"), answer.Body?["ca"].Text() ?? "");
                    session.Terminal.Out.WriteLine(
                        $"{file}.crt and {file}.key, good until {answer.Body?["expiresAt"].Text()[..10]}; the control plane's CA is ca.crt beside them"
                    );
                    return ExitCode.Done;
                }
            );

    /// <summary>Names may be addresses of people.</summary>
    private static string FileName(string name) =>
        string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '@' ? c : '_'));
}
