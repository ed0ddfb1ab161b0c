namespace Threeport.Host.Configuration;

/// <summary>The process cannot start as it was told to; the message says why and what is allowed.</summary>
internal sealed class SettingsException(string message) : Exception(message);
