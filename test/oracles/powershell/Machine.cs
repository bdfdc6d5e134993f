using System.Text.Json;
using Microsoft.Win32;

namespace KeepaliveKit.PowerShellHost;

/// <summary>What an installer changes on a machine, as JSON: the values named KeepAlive..., and the record.</summary>
static class Machine
{
    const string Parameters = @"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters";
    const string RecordKey = @"SYSTEM\CurrentControlSet\Control\keepalive-kit";

    /// <summary>Values as KIND:DATA; of the record by their path below it, and each key below it with nothing as its value.</summary>
    sealed record State(SortedDictionary<string, string> Values, SortedDictionary<string, string> Record);

    public static string Read()
    {
        var state = new State(new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        using var values = Registry.LocalMachine.OpenSubKey(Parameters)!;
        foreach (var name in values.GetValueNames().Where(IsOurs)) state.Values[name] = Text(values, name);
        using var record = Registry.LocalMachine.OpenSubKey(RecordKey);
        if (record is not null) Collect(record, "", state.Record);
        return JsonSerializer.Serialize(state);
    }

    public static void Write(string json)
    {
        var state = JsonSerializer.Deserialize<State>(json)!;
        using var values = Registry.LocalMachine.OpenSubKey(Parameters, writable: true)!;
        foreach (var name in values.GetValueNames().Where(IsOurs)) values.DeleteValue(name);
        foreach (var (name, text) in state.Values) Set(values, name, text);
        Registry.LocalMachine.DeleteSubKeyTree(RecordKey, throwOnMissingSubKey: false);
        foreach (var (path, text) in state.Record)
        {
            using var key = Registry.LocalMachine.CreateSubKey(text == "" ? $@"{RecordKey}\{path}" : Path.GetDirectoryName($@"{RecordKey}\{path}")!);
            if (text != "") Set(key, Path.GetFileName(path), text);
        }
    }

    /// <summary>A value, or all of them without a name.</summary>
    public static string Held(string? name)
    {
        using var key = Registry.LocalMachine.OpenSubKey(Parameters)!;
        var names = key.GetValueNames().Where(one => name is null ? IsOurs(one) : one == name).Order(StringComparer.Ordinal);
        return string.Join('\n', names.Select(one => Text(key, one)));
    }

    public static void Alter(string name)
    {
        using var key = Registry.LocalMachine.OpenSubKey(Parameters, writable: true)!;
        key.SetValue(name, 1234, RegistryValueKind.DWord);
    }

    static void Collect(RegistryKey key, string path, SortedDictionary<string, string> found)
    {
        if (path != "") found[path.TrimEnd('\\')] = "";
        foreach (var name in key.GetValueNames()) found[path + name] = Text(key, name);
        foreach (var name in key.GetSubKeyNames())
        {
            using var below = key.OpenSubKey(name)!;
            Collect(below, $@"{path}{name}\", found);
        }
    }

    static string Text(RegistryKey key, string name) => $"{key.GetValueKind(name)}:{key.GetValue(name)}";

    static void Set(RegistryKey key, string name, string text)
    {
        var colon = text.IndexOf(':');
        var kind = Enum.Parse<RegistryValueKind>(text[..colon]);
        var data = text[(colon + 1)..];
        key.SetValue(name, kind == RegistryValueKind.String ? data : int.Parse(data), kind);
    }

    static bool IsOurs(string name) => name.StartsWith("KeepAlive", StringComparison.Ordinal);
}
