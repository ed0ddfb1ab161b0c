namespace Threeport.Runtime;

/// <summary>The process cannot start as it was told to; the message names the setting and says what is allowed.</summary>
public sealed class SettingsException(string message) : Exception(message);
