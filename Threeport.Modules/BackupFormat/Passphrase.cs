namespace Threeport.BackupFormat;

/// <summary>What is asked of a passphrase. Whoever has the file may try as many as he likes, so a short one is none.</summary>
public static class Passphrase
{
    /// <summary>In characters.</summary>
    public const int MinLength = 12;

    /// <summary>In characters.</summary>
    public const int MaxLength = 1_024;

    /// <returns>What is wrong with it; null when nothing is. Never the passphrase.</returns>
    public static string? Wrong(string? passphrase) =>
        passphrase is null or { Length: < MinLength } ? $"Must have at least {MinLength} characters."
        : passphrase.Length > MaxLength ? $"May have at most {MaxLength} characters."
        : passphrase.Any(char.IsControl) ? "May not hold control characters, such as the end of a line."
        : null;
}
