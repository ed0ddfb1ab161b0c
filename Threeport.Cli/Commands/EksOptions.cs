using Threeport.Cli.Clusters;
using Threeport.Cli.Clusters.Eks;
using Threeport.Cli.Local;

namespace Threeport.Cli.Commands;

/// <summary>What the options of <c>up</c>, and the environment, say of AWS.</summary>
internal static class EksOptions
{
    private const string Region = "AWS_REGION";
    private const string UsualRegion = "AWS_DEFAULT_REGION";

    /// <summary>An emulator of AWS, or another door to it, is so to the controllers, too.</summary>
    private const string Endpoint = "AWS_ENDPOINT_URL";

    private static readonly string[] Doors = ["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"];

    /// <param name="region">What was said; null for what the environment says, or what was said the last time.</param>
    /// <param name="profile">The same.</param>
    /// <param name="binary">The threeport to ask AWS with; the one beside this program, or on the path, when null.</param>
    /// <param name="before">What is known.</param>
    /// <exception cref="FailureException">Nobody says where.</exception>
    public static EksState State(string? region, string? profile, string? binary, InstallationRecord? before)
    {
        var said = Surroundings();
        return before?.Eks is { } known
            ? known.As(
                region ?? known.Region,
                profile ?? known.Profile,
                said.Count > 0 ? said : known.Environment,
                Program(binary, known)
            )
            : new()
            {
                Region =
                    region
                    ?? Set(Region)
                    ?? Set(UsualRegion)
                    ?? throw new FailureException("--aws-region: say where, as in eu-central-1.", ExitCode.Usage),
                Profile = profile,
                Environment = said,
                Binary = Program(binary, known: null),
            };
    }

    /// <summary>Nodes at AWS pull images; that they cannot is to be known before there are nodes.</summary>
    /// <exception cref="FailureException">Nobody says from where.</exception>
    public static void RequireRegistry(string? registry, InstallationRecord? before)
    {
        if (registry is null && before is null)
        {
            throw new FailureException(
                $"--image-registry: nodes at AWS pull images from a registry that they reach, and not from {ClusterOptions.DefaultRegistry}. Name yours, as in 123456789012.dkr.ecr.eu-central-1.amazonaws.com/threeport.",
                ExitCode.Usage
            );
        }
    }

    private static Dictionary<string, string> Surroundings()
    {
        var found = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (
                (name == Endpoint || name.StartsWith($"{Endpoint}_", StringComparison.Ordinal) || Doors.Contains(name))
                && variable.Value is string { Length: > 0 } value
            )
            {
                found[name] = value;
            }
        }

        return found;
    }

    /// <summary>One that is named is used from now on; one that is gone is looked for.</summary>
    private static string Program(string? given, EksState? known) =>
        given is null && known?.Binary is { } last && File.Exists(last)
            ? last
            : Path.GetFullPath(LocalControlPlane.FindBinary(given));

    private static string? Set(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
