using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Threeport.AwsServer;

/// <summary>The command line of <c>threeport-aws</c>.</summary>
internal static class Arguments
{
    public const string Usage = """
        threeport-aws [--listen URL] [--cluster-host HOST] [--account ID:KEY:SECRET[:USER]]… [--speed FACTOR]
                      [--kubernetes-endpoint URL [--kubernetes-ca FILE] [--kubernetes-token-file FILE | --kubernetes-client-certificate FILE --kubernetes-client-key FILE]]

          --listen               where it answers; http://127.0.0.1:4566 unless said
          --cluster-host         the address that clusters' endpoints listen on and are given out with; that of --listen unless said
          --account              an account with a user's key; repeated for more accounts and more users
          --speed                how many times faster than the default things become ready; 0.01 takes about as long as AWS
          --kubernetes-endpoint  the API server that answers for every cluster
        """;

    /// <exception cref="FormatException">It cannot be understood; the message says what.</exception>
    public static AwsOptions Parse(IReadOnlyList<string> arguments)
    {
        var given = Pairs(arguments).ToLookup(static pair => pair.Name, static pair => pair.Value);
        string? One(string name) => given[name].LastOrDefault();
        var accounts = given["--account"]
            .Select(Account)
            .GroupBy(static pair => pair.Id, static pair => pair.Key)
            .ToList();
        var backend = Backend(One);
        var listen = Address("--listen", One("--listen") ?? "http://127.0.0.1:4566");
        if (One("--cluster-host") is null && IPAddress.TryParse(listen.Host, out var ip) && ip.Equals(IPAddress.Any))
        {
            throw new FormatException("--cluster-host has to say at which address clusters are reached.");
        }

        return new()
        {
            Listen = listen,
            ClusterHost = One("--cluster-host"),
            Accounts =
                accounts.Count == 0
                    ? [AwsAccountOptions.Default]
                    : [.. accounts.Select(static account => new AwsAccountOptions(account.Key, [.. account]))],
            Settings = new() { Timings = Timings(One("--speed")) },
            Clusters = _ => backend,
        };
    }

    private static IEnumerable<(string Name, string Value)> Pairs(IReadOnlyList<string> arguments)
    {
        string[] known =
        [
            "--listen",
            "--cluster-host",
            "--account",
            "--speed",
            "--kubernetes-endpoint",
            "--kubernetes-ca",
            "--kubernetes-token-file",
            "--kubernetes-client-certificate",
            "--kubernetes-client-key",
        ];
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (!known.Contains(arguments[i]))
            {
                throw new FormatException($"There is no option {arguments[i]}.");
            }

            yield return i + 1 < arguments.Count
                ? (arguments[i], arguments[i + 1])
                : throw new FormatException($"{arguments[i]} needs a value.");
        }
    }

    private static (string Id, AwsAccessKey Key) Account(string text) =>
        text.Split(':') switch
        {
            [{ Length: 12 } id, var key, var secret] => (id, new(key, secret)),
            [{ Length: 12 } id, var key, var secret, var user] => (id, new(key, secret, user)),
            _ => throw new FormatException("--account needs ID:KEY:SECRET[:USER], the id with twelve digits."),
        };

    private static Uri Address(string option, string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new FormatException($"{option} needs an address such as http://127.0.0.1:4566.");

    private static ClusterBackend? Backend(Func<string, string?> option)
    {
        if (option("--kubernetes-endpoint") is not { } endpoint)
        {
            return null;
        }

        var (certificate, key) = (option("--kubernetes-client-certificate"), option("--kubernetes-client-key"));
        return new(
            Address("--kubernetes-endpoint", endpoint),
            option("--kubernetes-ca") is { } ca ? File.ReadAllText(ca) : null,
            option("--kubernetes-token-file") is { } token ? File.ReadAllText(token).Trim() : null,
            certificate is null ? null : X509Certificate2.CreateFromPemFile(certificate, key)
        );
    }

    private static AwsTimings Timings(string? text)
    {
        var speed = 1.0;
        if (
            text is not null
            && (!double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out speed) || speed <= 0)
        )
        {
            throw new FormatException("--speed needs a number above 0.");
        }

        var normal = new AwsTimings();
        return new()
        {
            NatGateway = normal.NatGateway / speed,
            NatGatewayDeletion = normal.NatGatewayDeletion / speed,
            Cluster = normal.Cluster / speed,
            ClusterDeletion = normal.ClusterDeletion / speed,
            Nodegroup = normal.Nodegroup / speed,
            NodegroupDeletion = normal.NodegroupDeletion / speed,
            Addon = normal.Addon / speed,
            Update = normal.Update / speed,
        };
    }
}
