using System.Reflection;
using Threeport.Api;
using Threeport.Runtime;

namespace Threeport.Host.Configuration;

/// <summary>The arguments of the process: each is a key of the configuration.</summary>
internal static class CommandLine
{
    private static readonly Option[] Options =
    [
        new(
            "--roles",
            "Threeport:Roles",
            "ROLES",
            "what this process does: api, controllers, both (the default), or migration"
        ),
        new("--modules", "Threeport:Modules", "NAMES", "modules to load, with commas; all by default"),
        new("--data", "Threeport:Data", "DIR", "the data folder"),
        new("--listen", "Threeport:Listen", "URLS", "addresses to listen on; https://127.0.0.1:8443"),
        new("--advertise", "Threeport:Advertise", "NAMES", "further host names and addresses for the certificate"),
        new("--database", "Threeport:Database", "STRING", "a PostgreSQL connection string; else an own one is started"),
        new("--database-owner", "Threeport:DatabaseOwner", "STRING", "the same as the tables' owner, for migrations"),
        new("--nats", "Threeport:Nats", "URL", "a nats-server with JetStream; else an own one is started"),
        new("--api-url", "Threeport:ApiUrl", "URL", "the API, for a process with the role controllers alone"),
        new("--api-ca", "Threeport:ApiCa", "FILE", "the CA of that API"),
        new("--api-certificate-file", "Threeport:ApiCertificateFile", "FILE", "the certificate to show that API, PEM"),
        new("--api-key-file", "Threeport:ApiKeyFile", "FILE", "the certificate's key, PEM"),
        new("--api-token-file", "Threeport:ApiTokenFile", "FILE", "a token instead of a certificate"),
    ];

    /// <summary>The version of this build.</summary>
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            is { } version
            ? version.Split('+')[0]
            : "0.0.0";

    /// <summary>What <c>--help</c> prints.</summary>
    public static string Help =>
        $"""
            threeport {Version}: a control plane for applications

            Usage: threeport [options]

            {string.Join('\n', Options.Select(static o => $"  {$"{o.Name} {o.Value}", -29}{o.Summary}"))}
              --version                    the version
              --help                       this

            threeport aws … asks AWS with your own credentials; see threeport aws --help.

            Every option is also an environment variable, THREEPORT_ROLES for --roles, and a key of appsettings.json,
            Threeport:Roles. With none of them threeport is a complete control plane that starts its own PostgreSQL and
            NATS in its data folder.
            """;

    /// <returns>Configuration keys and values.</returns>
    /// <exception cref="SettingsException">An argument is not known, or lacks its value.</exception>
    public static IReadOnlyDictionary<string, string?> Parse(IReadOnlyList<string> arguments)
    {
        var values = new Dictionary<string, string?>();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var left, var right]
                ? (left, right)
                : (arguments[i], (string?)null);
            var option = Array.Find(Options, o => o.Name == name) ?? throw new SettingsException(Unknown(name));
            value ??= ++i < arguments.Count ? arguments[i] : null;
            if (string.IsNullOrWhiteSpace(value) || value.StartsWith("--", StringComparison.Ordinal))
            {
                throw new SettingsException($"{name} needs a value: {name} {option.Value} ({option.Summary}).");
            }

            values[option.Key] = values.TryGetValue(option.Key, out var before) ? $"{before},{value}" : value;
        }

        return values;
    }

    private static string Unknown(string name) =>
        Suggestion.For(name, Options.Select(static o => o.Name)) is { } near
            ? $"There is no option {name}. Did you mean {near}?"
            : $"There is no option {name}. See threeport --help.";

    private sealed record Option(string Name, string Key, string Value, string Summary);
}
