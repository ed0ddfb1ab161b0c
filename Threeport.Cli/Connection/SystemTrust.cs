using System.Runtime.InteropServices;

namespace Threeport.Cli.Connection;

/// <summary>
/// The CAs of the system. .NET reads them all, nearly 300 entries of a folder on Debian, before it builds any chain, also one that may end in a
/// given CA only; that takes longer than everything else that a command does.
/// </summary>
internal static class SystemTrust
{
    /// <summary>Neither a folder nor a file of certificates.</summary>
    private const string Nothing = "/dev/null";

    /// <summary>For a process that trusts one CA and asks for no other: leaves the system's unread.</summary>
    public static void Skip()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // From now on .NET has its own copy of the environment, which the programs that we start get: an editor, threeport.
        _ = Environment.GetEnvironmentVariables();
        _ = SetEnvironment("SSL_CERT_DIR", Nothing, 1);
        _ = SetEnvironment("SSL_CERT_FILE", Nothing, 1);
    }

    [DllImport("libc", EntryPoint = "setenv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetEnvironment(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        int overwrite
    );
}
