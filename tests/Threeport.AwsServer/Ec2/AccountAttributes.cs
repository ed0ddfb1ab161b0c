using System.Globalization;
using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Ec2;

/// <summary>DescribeAccountAttributes: how many addresses there may be, which EC2 itself says.</summary>
internal static class AccountAttributes
{
    private const string Addresses = "vpc-max-elastic-ips";

    public static void AddTo(QueryOperations operations) => operations["DescribeAccountAttributes"] = Describe;

    private static XElement?[] Describe(QueryCall call)
    {
        var asked = call.Parameters.Strings("AttributeName");
        var most = call.Cloud.Settings.Quotas.Addresses.ToString(CultureInfo.InvariantCulture);
        var item = new XElement(
            "item",
            Xml.Text("attributeName", Addresses),
            new XElement("attributeValueSet", new XElement("item", Xml.Text("attributeValue", most)))
        );
        return [new XElement("accountAttributeSet", asked.Count == 0 || asked.Contains(Addresses) ? item : null)];
    }
}
