/**
 * The JupyterLab extension, as JupyterLab loads one that was built before: a script that puts a container of modules where it
 * is looked for. It asks for none of JupyterLab's services by name, so that none of them can be missing or of a version that
 * does not fit; and whatever it does not find, all is as without it.
 */

import { serveNotebook } from "./notebook.js";

/** @typedef {import("./lab_api.js").App} App */
/** @typedef {import("./lab_api.js").Scope} Scope */

/** @type {Scope} */
let shared = {};

/** @returns {Promise<import("./card_output.js").Lumino>} */
async function lumino() {
  const versions = Object.values(shared["@lumino/widgets"] ?? {});
  // JupyterLab's own, should an extension bring another.
  const version = versions.find(({ loaded }) => loaded) ?? versions[0];
  if (!version) throw new Error("fiddler-widgets: this JupyterLab shares no @lumino/widgets");
  return (await version.get())();
}

const plugin = {
  id: "fiddler-widgets:outputs",
  description:
    "Shows Fiddler jobs whatever happens to the page, and keeps what is saved of them true.",
  autoStart: true,
  /** @param {App} app */
  async activate(app) {
    try {
      const classes = await lumino();
      app.docRegistry?.addWidgetExtension("Notebook", {
        createNew(panel) {
          try {
            serveNotebook(classes, panel);
          } catch (error) {
            console.warn(error);
          }
        },
      });
    } catch (error) {
      console.warn(error);
    }
  },
};

const containers = /** @type {Record<string, object>} */ (
  /** @type {Record<string, any>} */ (globalThis)._JUPYTERLAB ?? {}
);
/** @type {Record<string, any>} */ (globalThis)._JUPYTERLAB = containers;
containers["fiddler-widgets"] = {
  /** @param {Scope} scope */
  init(scope) {
    shared = scope;
  },
  get: async () => () => ({ __esModule: true, default: plugin }),
};
