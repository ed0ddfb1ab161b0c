using System.Net;
using Amazon.EC2;
using Amazon.EKS.Model;
using Amazon.Runtime;
using Threeport.Modules.Aws.Calls;
using Threeport.Modules.Aws.Stack;

namespace Threeport.Tests.Aws;

public sealed class AwsFailureTests
{
    [TestCase("RequestLimitExceeded", 503, "Throttled", true)]
    [TestCase("ThrottlingException", 400, "Throttled", true)]
    [TestCase("VpcLimitExceeded", 400, "QuotaReached", true)]
    [TestCase("ResourceLimitExceededException", 400, "QuotaReached", true)]
    [TestCase("LimitExceeded", 409, "QuotaReached", true)]
    [TestCase("InvalidVpcID.NotFound", 400, "Settling", true)]
    [TestCase("DependencyViolation", 400, "InUse", true)]
    [TestCase("InvalidParameterValue", 400, "Refused", true)]
    [TestCase("InternalError", 500, "Unreachable", false)]
    public void A_failure_is_told_by_its_code(string code, int status, string trouble, bool isDefinite)
    {
        var failure = Of(code, "Something.", status);
        Assert.That(StackTrouble.Of(failure), Is.EqualTo(trouble));
        Assert.That(failure.IsDefinite, Is.EqualTo(isDefinite));
    }

    [Test]
    public void A_missing_permission_is_named_with_who_lacks_it_and_on_what()
    {
        var failure = Of(
            "UnauthorizedOperation",
            "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/t is not authorized to perform: ec2:CreateVpc on resource: arn:aws:ec2:eu-central-1:123456789012:vpc/* because no identity-based policy allows the ec2:CreateVpc action. Encoded authorization failure message: AAAA",
            403
        );
        Assert.That(StackTrouble.Of(failure), Is.EqualTo("PermissionMissing"));
        Assert.That(
            failure.Message,
            Is.EqualTo(
                "arn:aws:iam::123456789012:user/t lacks the permission ec2:CreateVpc on arn:aws:ec2:eu-central-1:123456789012:vpc/*: add it to a policy of that identity."
            )
        );
    }

    [Test]
    public void A_role_that_EKS_has_not_heard_of_is_waited_for()
    {
        var failure = AwsFailure.Of(
            new InvalidParameterException(
                "Role with arn: arn:aws:iam::1:role/r, could not be assumed because it does not exist or the trusted entity is not correct"
            )
            {
                ErrorCode = "InvalidParameterException",
                StatusCode = HttpStatusCode.BadRequest,
            },
            CancellationToken.None
        )!;
        Assert.That(StackTrouble.Of(failure), Is.EqualTo("RoleNotUsable"));
        Assert.That(StackTrouble.Passes("RoleNotUsable"), Is.True);
    }

    [Test]
    public void Nothing_that_was_signed_is_told()
    {
        var failure = Of("SignatureDoesNotMatch", "The Canonical String was\nx-amz-security-token:SECRET", 403);
        Assert.That(failure.Message, Does.Not.Contain("SECRET"));
        Assert.That(Of("Other", "First line.\nSecond SECRET", 400).Message, Is.EqualTo("Other: First line."));
    }

    [Test]
    public void Whoever_does_not_answer_is_unreachable_and_a_defect_is_none_of_AWS()
    {
        var failure = AwsFailure.Of(new AmazonClientException("secret", new HttpRequestException("x")), default)!;
        Assert.That(failure.IsUnreachable, Is.True);
        Assert.That(failure.IsDefinite, Is.False);
        Assert.That(AwsFailure.Of(new InvalidOperationException(), default), Is.Null);
        Assert.That(AwsFailure.Of(new OperationCanceledException(), new(canceled: true)), Is.Null);
    }

    private static AwsFailure Of(string code, string message, int status) =>
        AwsFailure.Of(
            new AmazonEC2Exception(message) { ErrorCode = code, StatusCode = (HttpStatusCode)status },
            CancellationToken.None
        )!;
}
