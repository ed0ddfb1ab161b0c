using System.Text.Json.Nodes;
using Npgsql;
using Threeport.Kubernetes;

namespace Threeport.IntegrationTests.Soak;

/// <summary>A control plane under load, as its clients and its auditors see it.</summary>
internal interface ISoaked
{
    /// <summary>What it stores, to be read only.</summary>
    NpgsqlDataSource Database { get; }

    /// <summary>As one of several clients, each of which may come to another replica.</summary>
    HttpClient ClientOf(int client);

    /// <summary>The cluster that the workloads are in.</summary>
    ClusterClient Cluster();

    /// <summary>The whole list of a kind.</summary>
    Task<IReadOnlyList<JsonNode>> ListAsync(string plural);
}
