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
        new SessionStateCmdletEntry("New-ItemProperty", typeof(NewItemProperty), null),
        new SessionStateCmdletEntry("Write-Output", typeof(WriteOutput), null),
        new SessionStateCmdletEntry("Write-Verbose", typeof(WriteVerboseText), null),
        new SessionStateCmdletEntry("Write-Warning", typeof(WriteWarningText), null),
    ];
}

/// <summary>Trouble that a registry could give: set from the command line, so that the scripts can be seen to undo what they did.</summary>
static class Faults
{
    /// <summary>The value that cannot be written.</summary>
    public static string? Refused { get; set; }

    /// <summary>The value that is something else once it was written, as where a policy or another program wins.</summary>
    public static string? Altered { get; set; }
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

[Cmdlet(VerbsCommon.New, "ItemProperty", SupportsShouldProcess = true)]
public sealed class NewItemProperty : PSCmdlet
{
    [Parameter(Mandatory = true)]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true)]
    public string Name { get; set; } = "";

    [Parameter]
    public string? PropertyType { get; set; }

    [Parameter]
    public object? Value { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        if (!ShouldProcess($"{LiteralPath[0]} {Name}")) return;
        if (Name == Faults.Refused) throw new UnauthorizedAccessException("Requested registry access is not allowed.");
        var path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(LiteralPath[0], out var provider, out _);
        var value = Name == Faults.Altered ? (object)1234u : Value;
        foreach (var made in SessionState.InvokeProvider.Property.New(
            [$@"{provider.Name}::{path}"], Name, PropertyType, value, Force, literalPath: true))
        {
            WriteObject(made);
        }
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
