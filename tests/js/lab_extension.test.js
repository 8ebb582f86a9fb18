/** The JupyterLab extension, apart from JupyterLab: how it is loaded, and what it does where something is missing. */

import { createModel, putBuffers } from "../../js/src/lab/live_view.js";
import { modelIdOf, OUTPUT_TYPE } from "../../js/src/lab/output_type.js";

/** @returns {Promise<any>} the container that JupyterLab finds */
async function container() {
  await import("../../js/src/lab/extension.js");
  return /** @type {any} */ (globalThis)._JUPYTERLAB["fiddler-widgets"];
}

describe("the extension", () => {
  it("is one plugin that asks for no service", async () => {
    const factory = await (await container()).get("./extension");
    const module = factory();
    expect(Object.hasOwn(module, "__esModule")).toBe(true);
    expect(module.default).toMatchObject({ id: "fiddler-widgets:outputs", autoStart: true });
    expect(module.default.requires).toBeUndefined();
  });

  it("only warns where JupyterLab does not share what it needs", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const found = await container();
    found.init({});
    const { default: plugin } = (await found.get("./extension"))();
    const addWidgetExtension = vi.fn();
    await plugin.activate({ docRegistry: { addWidgetExtension } });
    expect(addWidgetExtension).not.toHaveBeenCalled();
    expect(warn).toHaveBeenCalledOnce();
  });

  it("extends notebooks by the classes that JupyterLab shares", async () => {
    const found = await container();
    found.init({ "@lumino/widgets": { "2.7.1": { get: async () => () => ({}) } } });
    const { default: plugin } = (await found.get("./extension"))();
    const addWidgetExtension = vi.fn();
    await plugin.activate({ docRegistry: { addWidgetExtension } });
    expect(addWidgetExtension).toHaveBeenCalledWith("Notebook", expect.anything());
    // An application without documents, such as Voilà's.
    await plugin.activate({});
  });
});

describe("an output", () => {
  it("is ours by a format that names the model", () => {
    expect(modelIdOf({ [OUTPUT_TYPE]: { model_id: "one" } })).toBe("one");
    for (const data of [{}, { [OUTPUT_TYPE]: null }, { [OUTPUT_TYPE]: { model_id: 1 } }])
      expect(modelIdOf(data)).toBe("");
  });
});

describe("a model that is fed by a comm", () => {
  it("tells of each message once, when all of it is there", () => {
    const { model, hear } = createModel("one", () => {});
    /** @type {unknown[]} */
    const seen = [];
    model.on("change", () => seen.push([model.get("status"), model.get("progress")]));
    hear({ method: "update", state: { status: "STARTED", progress: 20 }, buffer_paths: [] }, []);
    expect(seen).toEqual([["STARTED", 20]]);
  });

  it("keeps the layout that all views of a widget share", () => {
    const { model, hear } = createModel("one", () => {});
    const { model: other } = createModel("one", () => {});
    hear({ method: "update", state: { layout: "IPY_MODEL_two" }, buffer_paths: [] }, []);
    expect(model.get("layout")).toBe(other.get("layout"));
    expect(model.get("layout")).not.toBe(createModel("two", () => {}).model.get("layout"));
  });

  it("sends what a view writes in one message", () => {
    const say = vi.fn();
    const { model } = createModel("one", say);
    model.set("filter", "churn");
    model.set("_view", { order: "name" });
    model.save_changes();
    model.save_changes();
    expect(say).toHaveBeenCalledOnce();
    expect(say.mock.lastCall?.[0].state).toEqual({ filter: "churn", _view: { order: "name" } });
  });

  it("puts binary values where they belong", () => {
    const state = { _table: null, deep: { list: [null] } };
    const bytes = new Uint8Array([1, 2, 3]);
    putBuffers(state, [["_table"], ["deep", "list", 0]], [bytes.buffer, bytes]);
    for (const value of [state._table, state.deep.list[0]]) {
      expect(value).toBeInstanceOf(DataView);
      expect(/** @type {any} */ (value).byteLength).toBe(3);
    }
  });
});
