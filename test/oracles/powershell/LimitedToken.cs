using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Principal;

namespace KeepaliveKit.PowerShellHost;

/// <summary>Lets this thread go on as what a program is that nobody started with "Run as administrator": Administrators only denies.</summary>
static class LimitedToken
{
    const uint Everything = 0x000F01FF; // TOKEN_ALL_ACCESS

    public static void Use()
    {
        var administrators = new SecurityIdentifier(WellKnownSidType.BuiltinAdministratorsSid, null);
        var bytes = new byte[administrators.BinaryLength];
        administrators.GetBinaryForm(bytes, 0);
        var sid = Marshal.AllocHGlobal(bytes.Length);
        Marshal.Copy(bytes, 0, sid, bytes.Length);

        var disabled = new[] { new SidAndAttributes { Sid = sid } };
        Check(OpenProcessToken(-1, Everything, out var own));
        Check(CreateRestrictedToken(own, 0, 1, disabled, 0, 0, 0, 0, out var limited));
        Check(ImpersonateLoggedOnUser(limited));
    }

    static void Check(bool done)
    {
        if (!done) throw new Win32Exception();
    }

    [StructLayout(LayoutKind.Sequential)]
    struct SidAndAttributes
    {
        public nint Sid;
        public uint Attributes;
    }

    [DllImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    static extern bool OpenProcessToken(nint process, uint access, out nint token);

    [DllImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    static extern bool CreateRestrictedToken(
        nint token, uint flags, int disableCount, SidAndAttributes[] disable, int deleteCount, nint delete,
        int restrictCount, nint restrict, out nint limited);

    [DllImport("advapi32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    static extern bool ImpersonateLoggedOnUser(nint token);
}
