using System.Text.Json;
using Microsoft.Win32;

namespace KeepaliveKit.PowerShellHost;

/// <summary>What an installer changes on a machine, as JSON: the values named KeepAlive..., and the files of the record.</summary>
static class Machine
{
    const string Key = @"SYSTEM\CurrentControlSet\Services\Tcpip\Parameters";
    static string Records => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "keepalive-kit");

    /// <summary>Values as KIND:DATA, files by their path below the records.</summary>
    sealed record State(SortedDictionary<string, string> Values, SortedDictionary<string, string> Files);

    public static string Read()
    {
        var state = new State(new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        using var key = Registry.LocalMachine.OpenSubKey(Key)!;
        foreach (var name in key.GetValueNames().Where(IsOurs)) state.Values[name] = $"{key.GetValueKind(name)}:{key.GetValue(name)}";
        if (Directory.Exists(Records))
        {
            foreach (var file in Directory.GetFiles(Records, "*", SearchOption.AllDirectories))
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                state.Files[Path.GetRelativePath(Records, file).Replace('\\', '/')] = new StreamReader(stream).ReadToEnd();
            }
        }
        return JsonSerializer.Serialize(state);
    }

    public static void Write(string json)
    {
        var state = JsonSerializer.Deserialize<State>(json)!;
        using var key = Registry.LocalMachine.OpenSubKey(Key, writable: true)!;
        foreach (var name in key.GetValueNames().Where(IsOurs)) key.DeleteValue(name);
        foreach (var (name, text) in state.Values)
        {
            var colon = text.IndexOf(':');
            var kind = Enum.Parse<RegistryValueKind>(text[..colon]);
            var data = text[(colon + 1)..];
            key.SetValue(name, kind == RegistryValueKind.String ? data : int.Parse(data), kind);
        }
        if (Directory.Exists(Records)) Directory.Delete(Records, recursive: true);
        foreach (var (path, text) in state.Files)
        {
            var file = Path.Combine(Records, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text);
        }
    }

    static bool IsOurs(string name) => name.StartsWith("KeepAlive", StringComparison.Ordinal);
}
