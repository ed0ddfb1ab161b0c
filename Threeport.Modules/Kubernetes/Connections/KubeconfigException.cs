namespace Threeport.Kubernetes;

/// <summary>A kubeconfig that is not taken. Its message names the field and never its value.</summary>
public sealed class KubeconfigException(string message) : FormatException(message);
