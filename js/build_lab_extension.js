/** Builds the JupyterLab extension into fiddler_widgets/labextension, as JupyterLab's own builder would lay it out. */

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const target = new URL("../fiddler_widgets/labextension/", import.meta.url);
const source = readFileSync(new URL("../fiddler_widgets/_version.py", import.meta.url), "utf8");
const version = /^__version__ = "(.*)"$/m.exec(source)?.[1];
const { outputFiles } = await build({
  entryPoints: ["src/lab/extension.js"],
  bundle: true,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  write: false,
});
const [script] = outputFiles;
// In the name, so that no browser takes an older one out of its cache.
const name = `lab_extension.${createHash("sha256").update(script.contents).digest("hex").slice(0, 12)}.js`;
const description = {
  name: "fiddler-widgets",
  version,
  description:
    "Shows Fiddler jobs whatever happens to the page, and keeps what is saved of them true.",
  license: "Apache-2.0",
  jupyterlab: { extension: true, _build: { load: `static/${name}`, extension: "./extension" } },
};
rmSync(target, { recursive: true, force: true });
mkdirSync(new URL("static/", target), { recursive: true });
writeFileSync(new URL(`static/${name}`, target), script.contents);
writeFileSync(new URL("package.json", target), `${JSON.stringify(description, null, 2)}\n`);
const install = {
  packageManager: "python",
  packageName: "fiddler-widgets",
  uninstallInstructions:
    "Use your Python package manager (pip, uv, conda ...) to uninstall the package fiddler-widgets",
};
writeFileSync(new URL("install.json", target), `${JSON.stringify(install, null, 2)}\n`);
