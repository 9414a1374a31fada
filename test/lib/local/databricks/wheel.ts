import { execFileSync } from "node:child_process";

const build = `
import base64, io, sys, zipfile
name, version, body = sys.argv[1:]
info = f"{name}-{version}.dist-info"
files = {
    f"{name}/__init__.py": body,
    f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    f"{info}/entry_points.txt": f"[console_scripts]\\nstart = {name}:main\\n",
}
files[f"{info}/RECORD"] = "".join(f"{path},,\\n" for path in [*files, f"{info}/RECORD"])
wheel = io.BytesIO()
with zipfile.ZipFile(wheel, "w") as archive:
    for path, text in files.items():
        archive.writestr(path, text)
sys.stdout.buffer.write(wheel.getvalue())
`;

/** A wheel of one module, whose entry point `start` is its function main. */
export function buildWheel(python: string, name: string, body: string): Buffer {
  return execFileSync(python, ["-c", build, name, "1.0", body]);
}
