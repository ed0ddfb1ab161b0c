using System.Xml.Linq;
using Threeport.AwsServer.Calls;
using Threeport.AwsServer.Wire;

namespace Threeport.AwsServer.Iam;

internal static class OidcProviders
{
    public static void AddTo(QueryOperations operations)
    {
        operations["CreateOpenIDConnectProvider"] = Create;
        operations["GetOpenIDConnectProvider"] = Get;
        operations["ListOpenIDConnectProviders"] = List;
        operations["DeleteOpenIDConnectProvider"] = Delete;
        operations["TagOpenIDConnectProvider"] = Tag;
        operations["UntagOpenIDConnectProvider"] = Untag;
        operations["ListOpenIDConnectProviderTags"] = static call =>
            call.IamPage(Known(call).Tags, "Tags", IamAnswers.TagContent);
        operations["AddClientIDToOpenIDConnectProvider"] = AddClient;
        operations["RemoveClientIDFromOpenIDConnectProvider"] = RemoveClient;
        operations["UpdateOpenIDConnectProviderThumbprint"] = UpdateThumbprints;
    }

    private static XElement?[] Create(QueryCall call)
    {
        var providers = call.Account.Iam.OidcProviders;
        var text = call.Parameters.Required("Url");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps)
        {
            throw new AwsException(
                "InvalidInput",
                "The specified value for Url is invalid: it must begin with https://."
            );
        }

        var provider = new OidcProvider(
            call.Account.Id,
            $"{url.Authority}{url.AbsolutePath}".TrimEnd('/'),
            call.Now,
            call.IamVisible()
        ).With(call.IamTags());
        if (providers.ContainsKey(provider.Arn))
        {
            throw IamAnswers.Exists($"Provider with url {text} already exists.");
        }

        if (providers.Count >= call.Cloud.Settings.Quotas.OidcProviders)
        {
            throw IamAnswers.TooMany($"Cannot exceed quota for OpenIdConnectProvidersPerAccount: {providers.Count}");
        }

        provider.Clients.AddRange(call.Parameters.Strings("ClientIDList.member"));
        provider.Thumbprints.AddRange(call.Parameters.Strings("ThumbprintList.member"));
        providers.Add(provider.Arn, provider);
        return
        [
            Xml.Text("OpenIDConnectProviderArn", provider.Arn),
            Xml.Members("Tags", provider.Tags, IamAnswers.TagContent),
        ];
    }

    private static XElement?[] Get(QueryCall call)
    {
        var provider = Known(call);
        return
        [
            Xml.Text("Url", provider.Url),
            Xml.Members("ClientIDList", provider.Clients, static client => client),
            Xml.Members("ThumbprintList", provider.Thumbprints, static thumbprint => thumbprint),
            Xml.Time("CreateDate", provider.Created),
            Xml.Members("Tags", provider.Tags, IamAnswers.TagContent),
        ];
    }

    private static XElement?[] List(QueryCall call) =>
        [
            Xml.Members(
                "OpenIDConnectProviderList",
                call.Account.Iam.OidcProviders.Values.Where(provider => provider.Visible <= call.Now),
                static provider => new XElement("Arn", provider.Arn)
            ),
        ];

    private static XElement?[] Delete(QueryCall call)
    {
        call.Account.Iam.OidcProviders.Remove(Named(call).Arn);
        return [];
    }

    private static XElement?[] Tag(QueryCall call)
    {
        Named(call).With(call.IamTags());
        return [];
    }

    private static XElement?[] Untag(QueryCall call)
    {
        call.Untag(Named(call));
        return [];
    }

    private static XElement?[] AddClient(QueryCall call)
    {
        var (clients, client) = (Named(call).Clients, call.Parameters.Required("ClientID"));
        if (!clients.Contains(client))
        {
            clients.Add(client);
        }

        return [];
    }

    private static XElement?[] RemoveClient(QueryCall call)
    {
        Named(call).Clients.Remove(call.Parameters.Required("ClientID"));
        return [];
    }

    private static XElement?[] UpdateThumbprints(QueryCall call)
    {
        var thumbprints = Named(call).Thumbprints;
        thumbprints.Clear();
        thumbprints.AddRange(call.Parameters.Strings("ThumbprintList.member"));
        return [];
    }

    private static OidcProvider Named(QueryCall call)
    {
        var arn = call.Parameters.Required("OpenIDConnectProviderArn");
        return call.Account.Iam.OidcProviders.GetValueOrDefault(arn) ?? throw Missing(arn);
    }

    private static OidcProvider Known(QueryCall call)
    {
        var provider = Named(call);
        return provider.Visible <= call.Now ? provider : throw Missing(provider.Arn);
    }

    private static AwsException Missing(string arn) =>
        IamAnswers.Missing($"OpenIDConnect Provider not found for arn {arn}");
}
