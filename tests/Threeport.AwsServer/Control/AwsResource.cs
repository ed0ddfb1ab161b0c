namespace Threeport.AwsServer;

/// <summary>Something that exists.</summary>
/// <param name="Type"><c>ec2:vpc</c>, <c>eks:cluster</c>, <c>iam:role</c>.</param>
/// <param name="Id">Its id, or its ARN where that is all it has.</param>
/// <param name="Name">Its name, or what its tag Name says.</param>
/// <param name="State">Where it has one.</param>
/// <param name="Account">Whose.</param>
/// <param name="Region">Where; <c>global</c> for IAM.</param>
/// <param name="Tags">Its tags.</param>
public sealed record AwsResource(
    string Type,
    string Id,
    string? Name,
    string? State,
    string Account,
    string Region,
    IReadOnlyDictionary<string, string> Tags
);
