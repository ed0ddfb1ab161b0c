namespace Threeport.AwsServer.State;

/// <summary>Who calls.</summary>
/// <param name="Account">Its account.</param>
/// <param name="Arn">As GetCallerIdentity says it: a user's, or an assumed role's session.</param>
/// <param name="UserId">The user's id, or <c>AROA…:session</c>.</param>
/// <param name="IamArn">The user or the role that it stands for, which is what access entries and trust policies name.</param>
internal sealed record Principal(Account Account, string Arn, string UserId, string IamArn);

/// <summary>Temporary credentials.</summary>
internal sealed record Session(
    string AccessKeyId,
    string SecretAccessKey,
    string Token,
    DateTimeOffset Expires,
    Principal Principal
);
