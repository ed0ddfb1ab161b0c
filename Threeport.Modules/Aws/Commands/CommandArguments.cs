namespace Threeport.Modules.Aws.Commands;

/// <summary>What <c>threeport aws …</c> was told.</summary>
internal sealed record CommandArguments
{
    private const string RegionOption = "--region";
    private const string ProfileOption = "--profile";
    private const string ClusterOption = "--cluster";

    /// <summary>Where somebody is who says nothing.</summary>
    private const string UsualRegion = "us-east-1";

    public required string Name { get; init; }

    public required string Region { get; init; }

    /// <summary>A profile of the user's AWS configuration; null for what the environment says.</summary>
    public string? Profile { get; init; }

    public string? Cluster { get; init; }

    /// <exception cref="FormatException">It cannot be understood; the message says what.</exception>
    public static CommandArguments Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 1; i < arguments.Count; i += 2)
        {
            if (arguments[i] is not (RegionOption or ProfileOption or ClusterOption))
            {
                throw new FormatException($"There is no option {arguments[i]}.");
            }

            given[arguments[i]] =
                i + 1 < arguments.Count
                    ? arguments[i + 1]
                    : throw new FormatException($"{arguments[i]} needs a value.");
        }

        return new()
        {
            Name = arguments.Count > 0 ? arguments[0] : "",
            Region =
                given.GetValueOrDefault(RegionOption) ?? Set("AWS_REGION") ?? Set("AWS_DEFAULT_REGION") ?? UsualRegion,
            Profile = given.GetValueOrDefault(ProfileOption),
            Cluster = given.GetValueOrDefault(ClusterOption),
        };

        string? Set(string variable) => environment(variable) is { Length: > 0 } value ? value : null;
    }
}
