namespace Threeport.Modules.KubernetesRuntimes.KubernetesRuntimeInstances;

/// <summary>Where in the world clusters are, in words that no provider owns.</summary>
internal static class Locations
{
    public static readonly string[] All =
    [
        "Local",
        "NorthAmerica:NewYork",
        "NorthAmerica:Chicago",
        "NorthAmerica:LosAngeles",
        "NorthAmerica:Seattle",
        "NorthAmerica:Toronto",
        "Asia:HongKong",
        "Asia:Hyderabad",
        "Asia:Jakarta",
        "Asia:Mumbai",
        "Asia:Osaka",
        "Asia:Seoul",
        "Asia:Singapore",
        "Asia:Tokyo",
        "Asia:Manama",
        "Asia:Dubai",
        "Oceana:Sydney",
        "Oceana:Melbourne",
        "Europe:Frankfurt",
        "Europe:Dublin",
        "Europe:London",
        "Europe:Milan",
        "Europe:Paris",
        "Europe:Madrid",
        "Europe:Stockholm",
        "Europe:Zurich",
        "SouthAmerica:SaoPaulo",
        "Africa:CapeTown",
    ];
}
