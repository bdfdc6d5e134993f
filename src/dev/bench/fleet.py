"""Makes the zips of a fleet as people do it today: a table or a list of devices, Jinja2, zipfile.

Usage: fleet.py FLEET.(csv|yaml) TEMPLATES OUT (stored|deflated)
"""
import csv
import hashlib
import json
import os
import sys
import zipfile

from jinja2 import Environment, FileSystemLoader

MS = {"ms": 1, "s": 1000, "min": 60000, "h": 3600000}


def milliseconds(text):
    unit = text.lstrip("0123456789")
    return int(text[: len(text) - len(unit)]) * MS[unit]


def duration(ms):
    if ms < 100000:
        return f"{ms // 1000} s"
    parts = []
    for unit in ("h", "min", "s", "ms"):
        count, ms = divmod(ms, MS[unit])
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts)


def devices(path):
    if path.endswith(".csv"):
        with open(path, newline="") as file:
            yield from csv.DictReader(file)
    else:
        import yaml

        with open(path) as file:
            yield from yaml.safe_load(file)["devices"]


def encode(path, text):
    if path.endswith((".txt", ".reg")):
        text = text.replace("\n", "\r\n")
    return text.encode("utf-8-sig" if path.endswith(".txt") else "ascii")


def bundle(templates, device):
    idle, interval = milliseconds(device["idle"]), milliseconds(device["interval"])
    view = {"idle": idle, "interval": interval, "idle_text": device["idle"], "interval_text": device["interval"]}
    files = {path: encode(path, template.render(view)) for path, template in templates}
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    manifest = {
        "format": 1,
        "generator": "keepalive-kit 0.1.0",
        "profile": {"name": "fleet", "idle": device["idle"], "interval": device["interval"], "targets": ["windows-ce"]},
        "files": [
            {"path": path, "size": len(data), "mode": "0644", "sha256": digests[path]} for path, data in files.items()
        ],
    }
    files["manifest.json"] = (json.dumps(manifest, indent=2) + "\n").encode()
    digests["manifest.json"] = hashlib.sha256(files["manifest.json"]).hexdigest()
    files["SHA256SUMS"] = "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()
    return files


def main(fleet, folder, out, how):
    method = zipfile.ZIP_STORED if how == "stored" else zipfile.ZIP_DEFLATED
    environment = Environment(loader=FileSystemLoader(folder), keep_trailing_newline=True)
    environment.filters["duration"] = duration
    templates = [(path, environment.get_template(path)) for path in sorted(environment.list_templates())]
    os.makedirs(out, exist_ok=True)
    lines = ["device,zip,sha256,folder\n"]
    for device in devices(fleet):
        path = os.path.join(out, device["name"] + ".zip")
        files = bundle(templates, device)
        inside = f"fleet-{hashlib.sha256(files['profile.yaml']).hexdigest()[:12]}"
        with zipfile.ZipFile(path, "w", method) as archive:
            for name in sorted(files):
                info = zipfile.ZipInfo(f"{inside}/{name}", (1980, 1, 1, 0, 0, 0))
                info.compress_type = method
                info.external_attr = 0o100644 << 16
                archive.writestr(info, files[name])
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        lines.append(f"{device['name']},{device['name']}.zip,{digest},{inside}\n")
    with open(os.path.join(out, "devices.csv"), "w") as file:
        file.writelines(lines)


main(*sys.argv[1:])
