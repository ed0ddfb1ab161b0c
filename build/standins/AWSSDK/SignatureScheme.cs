using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace Threeport.StandIns;

/// <summary>Every operation is signed with Signature Version 4.</summary>
internal sealed class SignatureScheme : BaseAuthResolverHandler
{
  protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) =>
    AuthSchemeOption.DEFAULT_SIGV4;
}
