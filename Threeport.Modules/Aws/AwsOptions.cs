using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Threeport.Modules.Aws;

/// <summary><c>Threeport:Aws</c>: how often things are looked at, and how much is asked of AWS.</summary>
internal sealed record AwsOptions
{
    public const string Section = "Threeport:Aws";

    /// <summary>Which control plane it is, in the tags of what it makes; the same in all of its processes.</summary>
    public string ControlPlane { get; init; } = "threeport";

    /// <summary>Where AWS is, for an emulator of it; what the SDK knows, <c>AWS_ENDPOINT_URL</c> and the rest included, when null.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>How soon something is tried again that should be possible in a moment.</summary>
    public TimeSpan AgainAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often something that is being made is looked at.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often what is there is compared with what should be.</summary>
    public TimeSpan CompareEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long what AWS was asked for, and what answer was lost, may stay unseen before it is taken for not made: AWS finds by tags
    /// what it made with some delay.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long Kubernetes is given to take down the load balancers and volumes that it made.</summary>
    public TimeSpan KubernetesLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long AWS is given to make a new role known to all of its services.</summary>
    public TimeSpan RoleLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long what failed is left before it is tried anew; doubling with each failure, to an hour.</summary>
    public TimeSpan RetryFailedAfter { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Calls a second of an account in a region, all reconcilers together.</summary>
    public int CallsPerSecond { get; init; } = 10;

    /// <exception cref="SettingsException">One of the settings is wrong.</exception>
    public static AwsOptions From(IConfiguration configuration)
    {
        var (section, defaults) = (configuration.GetSection(Section), new AwsOptions());
        return new()
        {
            ControlPlane = section[nameof(ControlPlane)] is { Length: > 0 } name ? name : defaults.ControlPlane,
            Endpoint = section[nameof(Endpoint)] is { Length: > 0 } url ? Address(url) : null,
            AgainAfter = Time(nameof(AgainAfter), defaults.AgainAfter),
            PollEvery = Time(nameof(PollEvery), defaults.PollEvery),
            CompareEvery = Time(nameof(CompareEvery), defaults.CompareEvery),
            Grace = Time(nameof(Grace), defaults.Grace),
            KubernetesLimit = Time(nameof(KubernetesLimit), defaults.KubernetesLimit),
            RoleLimit = Time(nameof(RoleLimit), defaults.RoleLimit),
            RetryFailedAfter = Time(nameof(RetryFailedAfter), defaults.RetryFailedAfter),
            CallsPerSecond = Number(nameof(CallsPerSecond), defaults.CallsPerSecond),
        };

        TimeSpan Time(string key, TimeSpan otherwise) =>
            section[key] is not { Length: > 0 } text ? otherwise
            : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero ? time
            : throw new SettingsException($"{Section}:{key} is a time such as 00:00:20, not \"{text}\".");

        static Uri Address(string url) =>
            Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? address
                : throw new SettingsException(
                    $"{Section}:{nameof(Endpoint)} is an address such as https://aws.example.com, not \"{url}\"."
                );

        int Number(string key, int otherwise) =>
            section[key] is not { Length: > 0 } text ? otherwise
            : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000 ? number
            : throw new SettingsException($"{Section}:{key} is a number from 1 to 1000, not \"{text}\".");
    }
}
