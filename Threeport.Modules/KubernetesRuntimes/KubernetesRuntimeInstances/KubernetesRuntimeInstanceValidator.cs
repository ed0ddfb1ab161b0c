using System.Text.RegularExpressions;
using FluentValidation;
using Threeport.Kubernetes;
using Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeDefinitions;

namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

internal sealed partial class KubernetesRuntimeInstanceValidator : AbstractValidator<KubernetesRuntimeInstance>
{
    private static readonly string[] AgentWords = [Agents.InCluster, Agents.External, Agents.None];

    public KubernetesRuntimeInstanceValidator(ClusterPolicy policy, InfraProviders providers)
    {
        RuleFor(static x => x.Spec.KubernetesRuntimeDefinition)
            .NotEmpty()
            .WithMessage("Name the kubernetes-runtime-definition.");
        RuleFor(static x => x.Spec.Location).OneOf(providers.Locations);
        RuleFor(static x => x.Spec.Agent).OneOf(AgentWords);
        RuleFor(static x => x.Spec.ThreeportAgentImage)
            .Must(static image => image!.Length <= 512 && Image().IsMatch(image))
            .When(static x => x.Spec.ThreeportAgentImage is not null)
            .WithMessage("Must be an image such as registry.example.com/threeport/agent:0.1.0.");
        Check(static spec => spec.AgentEndpoint is null ? null : Endpoints.Check(spec.AgentEndpoint), "AgentEndpoint");
        Check(spec => Kubeconfig(spec, policy), "Kubeconfig");
        Check(spec => Endpoint(spec, policy), "ApiEndpoint");
        Check(static spec => Credentials.CheckAuthority(spec.CaCertificate), "CaCertificate");
        Check(
            static spec => spec.ConnectionToken is null ? null : Credentials.CheckToken(spec.ConnectionToken),
            "ConnectionToken"
        );
        Check(static spec => Credentials.CheckPair(spec.Certificate, spec.CertificateKey), "Certificate");
    }

    private void Check(Func<KubernetesRuntimeInstanceSpec, string?> check, string field) =>
        RuleFor(static x => x.Spec)
            .Custom(
                (spec, context) =>
                {
                    if (check(spec) is { } wrong)
                    {
                        context.AddFailure($"Spec.{field}", wrong);
                    }
                }
            );

    private static string? Kubeconfig(KubernetesRuntimeInstanceSpec spec, ClusterPolicy policy)
    {
        if (spec.Kubeconfig is null)
        {
            return null;
        }

        if (spec.ApiEndpoint is not null)
        {
            return "Give a kubeconfig or an apiEndpoint, not both.";
        }

        try
        {
            var server = Threeport.Kubernetes.Kubeconfig.Parse(spec.Kubeconfig).Server;
            return Endpoints.Check(server.OriginalString, policy.AllowLoopback) is { } wrong
                ? $"server: {wrong}"
                : null;
        }
        catch (KubeconfigException exception)
        {
            return exception.Message;
        }
    }

    private static string? Endpoint(KubernetesRuntimeInstanceSpec spec, ClusterPolicy policy)
    {
        var hasRest = spec.ConnectionToken ?? spec.Certificate ?? spec.CertificateKey ?? spec.CaCertificate;
        if (spec.ApiEndpoint is null)
        {
            return hasRest is null ? null : "Needed with a CA, a token or a client certificate.";
        }

        return Endpoints.Check(spec.ApiEndpoint, policy.AllowLoopback)
            ?? (
                spec.ConnectionToken is null && spec.Certificate is null
                    ? "Needs connectionToken, or certificate and certificateKey."
                    : null
            );
    }

    [GeneratedRegex(
        @"^([a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:[0-9]{1,5})?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$"
    )]
    private static partial Regex Image();
}

/// <summary>How the agent of a runtime runs, and what is known of it.</summary>
internal static class Agents
{
    public const string InCluster = "InCluster";
    public const string External = "External";
    public const string None = "None";
    public const string Installing = "Installing";
    public const string Connected = "Connected";
    public const string NotConnected = "NotConnected";
}
