namespace Threeport.BackupFormat;

/// <summary>A backup that cannot be read, in one line for people.</summary>
/// <param name="message">What is wrong with it.</param>
public class BackupException(string message) : Exception(message);

/// <summary>The passphrase is not the one that the backup was made with.</summary>
public sealed class WrongPassphraseException()
    : BackupException("The passphrase is wrong: it is not the one that the backup was made with.");
