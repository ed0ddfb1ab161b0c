using System.CommandLine;
using Threeport.Cli.Configuration;
using Threeport.Cli.Output;

namespace Threeport.Cli.Commands;

/// <summary><c>config</c>: the control planes that the user works with.</summary>
internal static class ConfigCommand
{
    private static readonly Argument<string> Name = new("NAME") { Description = "What you call it" };

    public static Command Create(Terminal terminal) =>
        new(
            "config",
            "The control planes you work with; the file is ~/.config/threeport/config.yaml, or $THREEPORT_CONFIG"
        )
        {
            List(terminal),
            Use(terminal),
            Current(terminal),
            View(terminal),
            Add(terminal),
            Rename(terminal),
            Remove(terminal),
        };

    private static Command List(Terminal terminal) =>
        Does(
            new("list", "Show them"),
            (file, _) =>
            {
                var table = new Table("CURRENT", "NAME", "ENDPOINT", "DATA");
                file.ControlPlanes.ForEach(c =>
                    table.Add(c.Name == file.Current ? "*" : "", c.Name, c.Endpoint, c.Data ?? "")
                );
                table.Write(terminal);
            }
        );

    private static Command Use(Terminal terminal) =>
        Does(
            new("use", "Choose the one that commands go to") { Name },
            (file, result) =>
            {
                file.Current = file.Find(result.GetValue(Name)).Name;
                file.Save();
                terminal.Out.WriteLine($"Commands go to {file.Current} now.");
            }
        );

    private static Command Current(Terminal terminal) =>
        Does(
            new("current", "Show the one that commands go to"),
            (file, _) => terminal.Out.WriteLine(file.Find(null).Name)
        );

    private static Command View(Terminal terminal)
    {
        var format = Options.Output("yaml", "yaml", "json");
        var reveal = new Option<bool>("--reveal") { Description = "With tokens and keys" };
        return Does(
            new("view", "Show the file, without tokens and keys") { format, reveal },
            (file, result) =>
            {
                var json = file.ToJson(result.GetValue(reveal));
                terminal.Out.WriteLine(
                    (result.GetValue(format) == "json" ? Json.Write(json) : Yaml.Write(json)).TrimEnd()
                );
            }
        );
    }

    private static Command Add(Terminal terminal)
    {
        var endpoint = new Option<string>("--endpoint")
        {
            Description = "https://host:port",
            HelpName = "URL",
            Required = true,
        };
        var ca = new Option<string?>("--ca-file") { Description = "The CA of its certificate, PEM", HelpName = "FILE" };
        var token = new Option<string?>("--token-file") { Description = "A file with a token", HelpName = "FILE" };
        var certificate = new Option<string?>("--certificate-file")
        {
            Description = "A client certificate, PEM",
            HelpName = "FILE",
        };
        var key = new Option<string?>("--key-file") { Description = "Its key, PEM", HelpName = "FILE" };
        return Does(
            new("add", "Add one, or change it") { Name, endpoint, ca, token, certificate, key },
            (file, result) =>
            {
                file.Set(
                    new(result.GetValue(Name)!, result.GetValue(endpoint)!)
                    {
                        CaCertificate = Text(result.GetValue(ca)),
                        TokenFile = result.GetValue(token) is { } path ? Path.GetFullPath(path) : null,
                        Certificate = Text(result.GetValue(certificate)),
                        CertificateKey = Text(result.GetValue(key)),
                    }
                );
                file.Current ??= result.GetValue(Name);
                file.Save();
                terminal.Out.WriteLine($"{result.GetValue(Name)} added; commands go to {file.Current}.");
            }
        );
    }

    private static Command Rename(Terminal terminal)
    {
        var to = new Argument<string>("NEW-NAME") { Description = "What you call it from now on" };
        return Does(
            new("rename", "Call one by another name") { Name, to },
            (file, result) =>
            {
                var (old, next) = (file.Find(result.GetValue(Name)), result.GetValue(to)!);
                if (file.ControlPlanes.Exists(c => c.Name == next))
                {
                    throw new FailureException($"There is a control plane \"{next}\" already.");
                }

                file.ControlPlanes[file.ControlPlanes.IndexOf(old)] = old with { Name = next };
                file.Current = file.Current == old.Name ? next : file.Current;
                file.Save();
                terminal.Out.WriteLine($"{old.Name} is {next} now.");
            }
        );
    }

    private static Command Remove(Terminal terminal) =>
        Does(
            new("remove", "Forget one; the control plane itself is left alone") { Name },
            (file, result) =>
            {
                var gone = file.Find(result.GetValue(Name));
                file.ControlPlanes.Remove(gone);
                file.Current = file.Current == gone.Name ? null : file.Current;
                file.Save();
                terminal.Out.WriteLine($"{gone.Name} is forgotten.");
            }
        );

    private static Command Does(Command command, Action<ConfigFile, ParseResult> action)
    {
        command.SetAction(result =>
        {
            action(ConfigFile.Load(), result);
            return ExitCode.Done;
        });
        return command;
    }

    private static string? Text(string? path)
    {
        try
        {
            return path is null ? null : File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FailureException($"{path}: {e.Message}");
        }
    }
}
