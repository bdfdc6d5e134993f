using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Microsoft.PowerShell.Commands;

namespace KeepaliveKit.PowerShellHost;

/// <summary>
/// Cmdlets of the modules Management and Utility, which the engine's package does not carry: the few that the scripts use,
/// each no more than its parameters and the call that the real one makes.
/// </summary>
static class StandIns
{
    public static IEnumerable<SessionStateCommandEntry> All =>
    [
        new SessionStateCmdletEntry("Get-Item", typeof(GetItem), null),
        new SessionStateCmdletEntry("Write-Output", typeof(WriteOutput), null),
        new SessionStateCmdletEntry("Write-Verbose", typeof(WriteVerboseText), null),
        new SessionStateCmdletEntry("Write-Warning", typeof(WriteWarningText), null),
    ];
}

[Cmdlet(VerbsCommon.Get, "Item")]
public sealed class GetItem : PSCmdlet
{
    [Parameter(Mandatory = true)]
    public string[] LiteralPath { get; set; } = [];

    protected override void ProcessRecord()
    {
        foreach (var item in SessionState.InvokeProvider.Item.Get(LiteralPath, force: false, literalPath: true)) WriteObject(item);
    }
}

[Cmdlet(VerbsCommunications.Write, "Output")]
public sealed class WriteOutput : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    [AllowEmptyString]
    public object? InputObject { get; set; }

    protected override void ProcessRecord() => WriteObject(InputObject, enumerateCollection: true);
}

[Cmdlet(VerbsCommunications.Write, "Verbose")]
public sealed class WriteVerboseText : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Message { get; set; } = "";

    protected override void ProcessRecord() => WriteVerbose(Message);
}

[Cmdlet(VerbsCommunications.Write, "Warning")]
public sealed class WriteWarningText : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Message { get; set; } = "";

    protected override void ProcessRecord() => WriteWarning(Message);
}
