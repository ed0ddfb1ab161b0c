namespace Threeport.AwsServer;

/// <summary>How the imitation is started.</summary>
public sealed record AwsOptions
{
    /// <summary>Where it listens; port 0 takes one that is free.</summary>
    public Uri Listen { get; init; } = new("http://127.0.0.1:0");

    /// <summary>The host name or address that clusters' endpoints are given out with and listen on; null for that of <see cref="Listen"/>.</summary>
    public string? ClusterHost { get; init; }

    /// <summary>The accounts there are.</summary>
    public IReadOnlyList<AwsAccountOptions> Accounts { get; init; } = [AwsAccountOptions.Default];

    /// <summary>How long things take, how many there may be, what is scarce. Changed later through the control.</summary>
    public AwsSettings Settings { get; init; } = new();

    /// <summary>The Kubernetes API server behind a cluster; null answers leave the cluster without one.</summary>
    public Func<AwsCluster, ClusterBackend?> Clusters { get; init; } = static _ => null;

    /// <summary>Told each token that a cluster admits somebody by, for who looks for where it must not be.</summary>
    public Action<string> Admitted { get; init; } = static _ => { };

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Of the dice that faults with a fraction are thrown with.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>An account.</summary>
/// <param name="Id">Twelve digits.</param>
/// <param name="AccessKeys">The keys of its users.</param>
public sealed record AwsAccountOptions(string Id, params IReadOnlyList<AwsAccessKey> AccessKeys)
{
    /// <summary>The one there is when none is named, with the keys that AWS's documentation uses.</summary>
    public static AwsAccountOptions Default { get; } =
        new("111122223333", new AwsAccessKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));

    /// <summary>Actions that nobody in the account may do: <c>ec2:CreateVpc</c>, <c>iam:*</c>.</summary>
    public IReadOnlyList<string> Denied { get; init; } = [];
}

/// <summary>Long-lived credentials of a user.</summary>
/// <param name="Id">The access key id.</param>
/// <param name="Secret">The secret access key.</param>
/// <param name="User">The name of the user.</param>
public sealed record AwsAccessKey(string Id, string Secret, string User = "threeport");

/// <summary>A cluster, for whoever says what stands behind it.</summary>
/// <param name="Account">The account's id.</param>
/// <param name="Region">The region.</param>
/// <param name="Name">The cluster's name.</param>
public sealed record AwsCluster(string Account, string Region, string Name);
