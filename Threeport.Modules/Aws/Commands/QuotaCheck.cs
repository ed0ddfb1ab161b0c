using System.Globalization;
using Amazon.EC2.Model;
using Threeport.Modules.Aws.Calls;

namespace Threeport.Modules.Aws.Commands;

/// <summary>Whether there is room for one more cluster, as far as EC2 itself says how much there is.</summary>
internal sealed class QuotaCheck(RegionClients clients, Findings found)
{
    /// <summary>What an account has that never asked for more.</summary>
    private const int UsualVpcs = 5;

    private const string Addresses = "vpc-max-elastic-ips";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await LookAsync("Elastic IP addresses", AddressesAsync, cancellationToken);
        await LookAsync("VPCs", VpcsAsync, cancellationToken);
    }

    private async Task LookAsync(string what, Func<CancellationToken, Task> look, CancellationToken cancellationToken)
    {
        try
        {
            await look(cancellationToken);
        }
        catch (Exception e) when (AwsFailure.Of(e, cancellationToken) is { } failure)
        {
            found.Notes.Add($"How many {what} there may be was not looked at: {failure.Message}");
        }
    }

    private async Task AddressesAsync(CancellationToken cancellationToken)
    {
        var request = new DescribeAccountAttributesRequest { AttributeNames = [Addresses] };
        var answer = await clients.Ec2.DescribeAccountAttributesAsync(request, cancellationToken);
        var text = answer
            .AccountAttributes?.FirstOrDefault(static a => a.AttributeName == Addresses)
            ?.AttributeValues?.FirstOrDefault()
            ?.AttributeValue;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most))
        {
            found.Notes.Add("How many Elastic IP addresses there may be, EC2 does not say.");
            return;
        }

        var there = (await clients.Ec2.DescribeAddressesAsync(new(), cancellationToken)).Addresses?.Count ?? 0;
        if (there >= most)
        {
            found.Add(
                "whether there is room for an Elastic IP address",
                $"the account has {there} of {most} in {clients.Region}",
                "Release one, or have the quota \"EC2-VPC Elastic IPs\" raised at Service Quotas."
            );
        }
    }

    /// <summary>EC2 does not say how many there may be, and what the account has may have been raised.</summary>
    private async Task VpcsAsync(CancellationToken cancellationToken)
    {
        var there = (await clients.Ec2.DescribeVpcsAsync(new(), cancellationToken)).Vpcs?.Count ?? 0;
        if (there >= UsualVpcs)
        {
            found.Notes.Add(
                $"The account has {there} VPCs in {clients.Region}, and {UsualVpcs} is what it may have unless that was raised (Service Quotas, \"VPCs per Region\")."
            );
        }
    }
}
