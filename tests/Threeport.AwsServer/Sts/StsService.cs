using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Sts;

/// <summary>STS, version 2011-06-15.</summary>
internal sealed class StsService() : ClassicQueryService("sts", Space, All())
{
    /// <summary>The one operation that needs no signature.</summary>
    public const string Unsigned = "AssumeRoleWithWebIdentity";

    private static readonly XNamespace Space = "https://sts.amazonaws.com/doc/2011-06-15/";

    private static QueryOperations All() =>
        new()
        {
            ["GetCallerIdentity"] = GetCallerIdentity,
            ["AssumeRole"] = AssumingRoles.Assume,
            [Unsigned] = AssumingRoles.AssumeWithWebIdentity,
        };

    private static XElement?[] GetCallerIdentity(QueryCall call) =>
        [
            Xml.Text("UserId", call.Caller.UserId),
            Xml.Text("Account", call.Account.Id),
            Xml.Text("Arn", call.Caller.Arn),
        ];
}
