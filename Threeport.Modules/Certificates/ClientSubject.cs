using System.Security.Cryptography.X509Certificates;

namespace Threeport.Certificates;

/// <summary>
/// Who a client's certificate says that it is: the name as CN, each role as O, each group as OU (RFC 4519).
/// </summary>
/// <param name="Name">A user's name, <c>controller:workloads</c>, <c>agent:local</c>.</param>
/// <param name="Roles">What it gives.</param>
public sealed record ClientSubject(string Name, IReadOnlyList<string> Roles)
{
    private const string CommonName = "2.5.4.3";
    private const string Organization = "2.5.4.10";
    private const string OrganizationalUnit = "2.5.4.11";

    /// <summary>By which others may be given rights together with it.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <returns>What a certificate says; null when it says nothing of the kind.</returns>
    public static ClientSubject? Of(X509Certificate2 certificate)
    {
        var parts = certificate
            .SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(static p => !p.HasMultipleElements)
            .Select(static p => (Type: p.GetSingleElementType().Value, Value: p.GetSingleElementValue()))
            .Where(static p => p.Value is not null)
            .ToLookup(static p => p.Type, static p => p.Value!);
        return parts[CommonName].ToList() is [var name]
            ? new(name, [.. parts[Organization]]) { Groups = [.. parts[OrganizationalUnit]] }
            : null;
    }

    internal X500DistinguishedName ToDistinguishedName()
    {
        var builder = new X500DistinguishedNameBuilder();
        foreach (var role in Roles)
        {
            builder.AddOrganizationName(role);
        }

        foreach (var group in Groups)
        {
            builder.AddOrganizationalUnitName(group);
        }

        builder.AddCommonName(Name);
        return builder.Build();
    }
}
