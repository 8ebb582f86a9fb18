"use strict";
(() => {
  // src/vdom.js
  var randomId = () => `fw-${Math.random().toString(36).slice(2)}${performance.now()}`;

  // src/lab/output_type.js
  var OUTPUT_TYPE = "application/x.fiddler-widgets+json";
  var COMM_TARGET = "fiddler_widgets";
  var PUBLISHED_AGAIN = "fiddler_widgets";
  var OUTPUT_MARK = "fiddler_widgets";
  var WIDGET_TYPE = "application/vnd.jupyter.widget-view+json";
  function modelIdOf(data) {
    const ours = data[OUTPUT_TYPE];
    if (typeof ours !== "object" || ours === null || !("model_id" in ours)) return "";
    return typeof ours.model_id === "string" ? ours.model_id : "";
  }
  function outputIdOf(metadata) {
    const ours = metadata?.[OUTPUT_MARK];
    if (typeof ours !== "object" || ours === null || !("output_id" in ours)) return "";
    return typeof ours.output_id === "string" ? ours.output_id : "";
  }

  // src/lab/subshell.js
  var LINGER = 2e3;
  var PATIENCE = 1e4;
  var subshells = /* @__PURE__ */ new WeakMap();
  function message(kernel, type, channel, content, subshell) {
    const header = {
      msg_id: randomId(),
      msg_type: type,
      username: kernel.username,
      session: kernel.clientId,
      date: (/* @__PURE__ */ new Date()).toISOString(),
      version: "5.4",
      ...subshell ? { subshell_id: subshell } : {}
    };
    return { channel, header, parent_header: {}, metadata: {}, content, buffers: [] };
  }
  function ask(kernel, type, content = {}) {
    return new Promise((resolve, reject) => {
      const future = kernel.sendControlMessage(message(kernel, type, "control", content), true, true);
      future.onReply = (reply) => resolve(reply.content);
      setTimeout(() => reject(new Error(`no answer to ${type}`)), PATIENCE);
    });
  }
  async function createSubshell(kernel) {
    const { supported_features } = await ask(kernel, "kernel_info_request");
    if (!supported_features?.includes("kernel subshells")) return null;
    const { subshell_id: id } = await ask(kernel, "create_subshell_request");
    if (typeof id !== "string") return null;
    return {
      id,
      comms: 0,
      leave() {
        subshells.delete(kernel);
        if (reachable(kernel))
          ask(kernel, "delete_subshell_request", { subshell_id: id }).catch(() => {
          });
      }
    };
  }
  var reachable = (kernel) => !kernel.isDisposed && kernel.status !== "dead";
  async function openComm(kernel, modelId, { heard, closed }) {
    const known = subshells.get(kernel) ?? createSubshell(kernel);
    subshells.set(kernel, known);
    known.catch(() => subshells.delete(kernel));
    const subshell = (
      /** @type {Subshell} */
      await known
    );
    if (subshell === null || kernel.isDisposed) return null;
    const { id, leave } = subshell;
    const comm_id = randomId();
    function say(type, content) {
      if (!reachable(kernel)) return;
      kernel.sendShellMessage(
        message(kernel, type, "shell", { comm_id, ...content }, id),
        false,
        true
      );
    }
    function listen(_kernel, { header, content, buffers }) {
      if (content.comm_id !== comm_id) return;
      if (header.msg_type === "comm_msg") heard(content.data, buffers ?? []);
      if (header.msg_type === "comm_close") {
        end();
        closed();
      }
    }
    function end(last) {
      kernel.iopubMessage.disconnect(listen);
      if (last) say(last, { data: {} });
      subshell.comms -= 1;
      setTimeout(() => subshell.comms === 0 && subshells.get(kernel) === known && leave(), LINGER);
    }
    subshell.comms += 1;
    kernel.iopubMessage.connect(listen);
    say("comm_open", { target_name: COMM_TARGET, data: { model_id: modelId } });
    return {
      send: (data) => say("comm_msg", { data }),
      close: () => end("comm_close"),
      viewed() {
        removeEventListener("pagehide", leave);
        addEventListener("pagehide", leave);
      }
    };
  }

  // src/lab/live_view.js
  var layouts = /* @__PURE__ */ new Map();
  var modules = /* @__PURE__ */ new Map();
  function load(source) {
    const known = modules.get(source);
    if (known) return known;
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const module = import(
      /* @vite-ignore */
      url
    ).finally(() => URL.revokeObjectURL(url));
    modules.set(source, module);
    return module;
  }
  function putBuffers(state, paths, buffers) {
    for (const [index, path] of paths.entries()) {
      const buffer = buffers[index];
      const [last, ...rest] = [...path].reverse();
      const holder = rest.reduceRight((value, key) => value[key], state);
      if (buffer === void 0 || last === void 0) continue;
      holder[last] = ArrayBuffer.isView(buffer) ? new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new DataView(buffer);
    }
  }
  function createModel(id, say) {
    const layout = layouts.get(id) ?? {};
    layouts.set(id, layout);
    const state = {};
    const listeners = /* @__PURE__ */ new Map();
    let unsaved = {};
    function emit(event, ...values) {
      for (const listener of [...listeners.get(event) ?? []]) listener(...values);
    }
    const model = {
      /** @param {string} name */
      get: (name) => name === "layout" ? layout : state[name],
      /**
       * @param {string} name
       * @param {unknown} value
       */
      set(name, value) {
        state[name] = value;
        unsaved[name] = value;
      },
      save_changes() {
        if (Object.keys(unsaved).length > 0)
          say({ method: "update", state: unsaved, buffer_paths: [] });
        unsaved = {};
      },
      /** @param {unknown} content */
      send: (content) => say({ method: "custom", content }),
      /**
       * @param {string} event
       * @param {Listener} listener
       */
      on(event, listener) {
        const known = listeners.get(event) ?? /* @__PURE__ */ new Set();
        listeners.set(event, known.add(listener));
      },
      /**
       * @param {string} event
       * @param {Listener} listener
       */
      off(event, listener) {
        listeners.get(event)?.delete(listener);
      }
    };
    function hear(data, buffers) {
      if (data?.method === "custom") emit("msg:custom", data.content, buffers);
      if (data?.method !== "update") return;
      const changed = data.state;
      putBuffers(changed, data.buffer_paths ?? [], buffers);
      delete changed.layout;
      Object.assign(state, changed);
      for (const name of Object.keys(changed)) emit(`change:${name}`);
      emit("change");
    }
    return { model, hear };
  }
  async function showLive({ kernel, modelId, el, signal, shown, gone }) {
    let begun = false;
    const ends = new AbortController();
    let made;
    const comm = await openComm(kernel, modelId, { heard, closed: gone });
    if (comm === null) return false;
    made = createModel(modelId, comm.send);
    signal.addEventListener("abort", () => {
      ends.abort();
      comm.close();
    });
    if (signal.aborted) comm.close();
    return true;
    function heard(data, buffers) {
      made?.hear(data, buffers);
      if (begun || data?.method !== "update") return;
      begun = true;
      void begin();
    }
    async function begin() {
      const { model } = (
        /** @type {NonNullable<typeof made>} */
        made
      );
      const { default: frontend } = await load(String(model.get("_esm")));
      if (signal.aborted) return;
      const style = document.createElement("style");
      style.textContent = String(model.get("_css") ?? "");
      const root = document.createElement("div");
      el.replaceChildren(style, root);
      const end = frontend.initialize?.({ model, signal: ends.signal });
      frontend.render({ model, el: root, signal: ends.signal });
      comm?.viewed();
      ends.signal.addEventListener("abort", () => {
        end?.();
        el.replaceChildren();
      });
      shown();
    }
  }

  // src/lab/card_output.js
  var GRACE = 500;
  var ANSWER = 1e3;
  var LOOK = 250;
  var WHY = {
    connecting: "Not live yet: waiting for the kernel.",
    busy: "Not live now: the kernel is busy. This is what it said last.",
    none: "Not live: no kernel is running. This is what was known last.",
    gone: "Not live: the kernel no longer watches this. This is what was known last."
  };
  function staticHtml(data) {
    if ("text/html" in data) return data["text/html"];
    const text = document.createElement("pre");
    text.textContent = String(data["text/plain"] ?? "");
    return text.outerHTML;
  }
  function createCardOutput({ Panel, Widget }, notebook) {
    const { sessionContext } = notebook;
    const { rendermime } = notebook.content;
    const panel = new Panel();
    panel.addClass("jp-fiddler-output");
    const spare = rendermime.createRenderer("text/html");
    const note = new Widget();
    note.node.setAttribute("role", "note");
    note.node.style.cssText = "padding: 4px 0; font: var(--jp-ui-font-size1) var(--jp-ui-font-family); color: var(--jp-ui-font-color2)";
    const live = new Widget();
    for (const child of [spare, note, live]) {
      panel.addWidget(child);
      child.hide();
    }
    let id = "";
    let model;
    let inner = null;
    let factory;
    let begunAt = 0;
    let connectedAt = Number.POSITIVE_INFINITY;
    let viewed = false;
    let isLive = false;
    let isGone = false;
    let asking = null;
    let looking;
    let spareHtml = null;
    function showSpare(wanted) {
      const html = wanted ? staticHtml(model.data) : null;
      spare.setHidden(!wanted);
      note.setHidden(!wanted);
      if (html === spareHtml) return;
      spareHtml = html;
      if (html === null) spare.node.replaceChildren();
      else
        spare.renderModel({ data: { "text/html": html }, metadata: {}, trusted: model.trusted }).catch(() => {
        });
    }
    const hasView = () => (inner?.widgets?.length ?? 0) > 0;
    function makeInner() {
      inner?.dispose();
      factory = rendermime.getFactory(WIDGET_TYPE);
      inner = null;
      if (factory === void 0) return;
      inner = rendermime.createRenderer(WIDGET_TYPE);
      panel.insertWidget(0, inner);
      inner.renderModel(model).catch(() => {
      });
    }
    function endLive() {
      asking?.abort();
      asking = null;
      isLive = false;
      live.hide();
    }
    function askForLive() {
      const kernel = sessionContext.session?.kernel;
      if (asking !== null || kernel?.connectionStatus !== "connected") return;
      asking = new AbortController();
      const { signal } = asking;
      const options = { kernel, modelId: id, el: live.node, signal };
      const shown = () => {
        if (signal.aborted) return;
        isLive = true;
        look();
      };
      const gone = () => {
        if (signal.aborted) return;
        endLive();
        isGone = true;
        look();
      };
      showLive({ ...options, shown, gone }).catch(() => {
        if (!signal.aborted) endLive();
      });
    }
    function why() {
      const { session } = sessionContext;
      const now = performance.now();
      if (!sessionContext.isReady) return WHY.connecting;
      if (!session?.kernel || session.kernel.status === "dead") return WHY.none;
      if (session.kernel.connectionStatus !== "connected") connectedAt = Number.POSITIVE_INFINITY;
      else connectedAt = Math.min(connectedAt, now);
      const answered = inner === null || inner.node.textContent?.startsWith("Error") === true;
      if (answered || isGone) return WHY.gone;
      return now - connectedAt >= ANSWER ? WHY.busy : WHY.connecting;
    }
    function look() {
      if (panel.isDisposed) return;
      if (hasView()) {
        viewed = true;
        rest();
        return;
      }
      if (viewed || inner?.isHidden) {
        rest();
        panel.hide();
        return;
      }
      if (rendermime.getFactory(WIDGET_TYPE) !== factory) makeInner();
      if (performance.now() - begunAt < GRACE) return;
      const reason = why();
      if (reason === WHY.busy) askForLive();
      if (inner) inner.node.style.display = "none";
      live.setHidden(!isLive);
      showSpare(!isLive);
      if (note.node.textContent !== reason) note.node.textContent = reason;
    }
    function rest() {
      clearInterval(looking);
      looking = void 0;
      endLive();
      if (inner) inner.node.style.display = "";
      showSpare(false);
    }
    function watch() {
      isGone = false;
      if (!panel.isDisposed && !viewed && looking === void 0) looking = setInterval(look, LOOK);
    }
    function changedKernel() {
      endLive();
      watch();
    }
    function changedStatus() {
      if (sessionContext.session?.kernel?.status.endsWith("restarting")) changedKernel();
    }
    sessionContext.kernelChanged.connect(changedKernel);
    sessionContext.statusChanged.connect(changedStatus);
    async function renderModel(given) {
      const before = id;
      model = given;
      id = modelIdOf(given.data);
      if (spareHtml !== null) showSpare(true);
      if (id === before && (hasView() || isLive)) return;
      endLive();
      viewed = false;
      begunAt = performance.now();
      panel.show();
      makeInner();
      watch();
      look();
    }
    const dispose = panel.dispose.bind(panel);
    return Object.assign(panel, {
      renderModel,
      modelId: () => id,
      hasView,
      dispose() {
        if (panel.isDisposed) return;
        clearInterval(looking);
        endLive();
        sessionContext.kernelChanged.disconnect(changedKernel);
        sessionContext.statusChanged.disconnect(changedStatus);
        dispose();
      }
    });
  }

  // src/lab/single_outputs.js
  function removeCopies({ outputs, sharedModel }) {
    const known = /* @__PURE__ */ new Set();
    const copies = [];
    for (let index = 0; index < (outputs?.length ?? 0); index += 1) {
      const id = outputIdOf(outputs?.get(index).metadata);
      if (id && known.has(id)) copies.push([index, id]);
      known.add(id);
    }
    for (const [index] of copies.reverse()) sharedModel.updateOutputs?.(index, index + 1, []);
    return new Set(copies.map(([, id]) => id));
  }
  function createSingleOutputs(removed) {
    const cells = /* @__PURE__ */ new Map();
    const changed = /* @__PURE__ */ new Set();
    let timer;
    function look() {
      timer = void 0;
      const cellsNow = [...changed].flatMap((outputs) => cells.get(outputs) ?? []);
      changed.clear();
      for (const cell of cellsNow) for (const id of removeCopies(cell)) removed(id);
    }
    function lookSoon(outputs) {
      changed.add(outputs);
      timer ??= setTimeout(look, 0);
    }
    return {
      /**
       * From now on each output of that cell's is there once.
       * @param {CellModel} cell
       */
      keep(cell) {
        const { outputs } = cell;
        if (!outputs || cells.has(outputs)) return;
        cells.set(outputs, cell);
        outputs.changed.connect(lookSoon);
        lookSoon(outputs);
      },
      end() {
        clearTimeout(timer);
        for (const outputs of cells.keys()) outputs.changed.disconnect(lookSoon);
        cells.clear();
      }
    };
  }

  // src/lab/output_writer.js
  var ANNOUNCED = 1e3;
  var TURN = 2e3;
  function* allOutputsOf(model) {
    for (const cell of model?.cells ?? []) {
      for (let index = 0; index < (cell.outputs?.length ?? 0); index += 1) {
        const outputs = (
          /** @type {Outputs} */
          cell.outputs
        );
        const output = outputs.get(index);
        const [id, outputId] = [modelIdOf(output.data), outputIdOf(output.metadata)];
        if (id || outputId) yield { id, outputId, output, outputs, index, cell };
      }
    }
  }
  function* outputsOf(model) {
    for (const { id, output, cell } of allOutputsOf(model))
      if (id) yield { id, output, trusted: cell.trusted };
  }
  var same = (one, other) => Object.keys(one).length === Object.keys(other).length && Object.entries(one).every(
    ([type, value]) => JSON.stringify(value) === JSON.stringify(other[type])
  );
  function placeAmong(awareness) {
    if (!awareness) return 0;
    const ids = [...awareness.getStates().keys()].sort((one, other) => one - other);
    return Math.max(0, ids.indexOf(awareness.clientID));
  }
  function createOutputWriter(modelNow, written) {
    const waiting = /* @__PURE__ */ new Map();
    const last = /* @__PURE__ */ new Map();
    const single = createSingleOutputs((outputId) => {
      const entry = last.get(outputId);
      if (entry) write(entry.widget, entry.published);
    });
    function put(key) {
      const entry = waiting.get(key);
      waiting.delete(key);
      if (!entry) return;
      const { widget, published } = entry;
      const wanted = outputIdOf(published.metadata);
      const model = modelNow();
      for (const { id, outputId, output, outputs, index, cell } of [...allOutputsOf(model)]) {
        const isThatOne = wanted && outputId ? outputId === wanted : id === widget;
        if (!isThatOne) continue;
        if (id && !same(output.data, published.data))
          outputs.set(index, { ...output.toJSON(), ...published });
        if (wanted && model?.collaborative) single.keep(cell);
      }
      written();
    }
    function takeTurn(key) {
      const place = placeAmong(modelNow()?.sharedModel?.awareness);
      const entry = waiting.get(key);
      if (place === 0 || !entry) put(key);
      else entry.timer = setTimeout(put, place * TURN, key);
    }
    function write(widget, published) {
      const outputId = outputIdOf(published.metadata);
      const key = outputId || widget;
      clearTimeout(waiting.get(key)?.timer);
      const model = modelNow();
      if (!model?.collaborative) {
        waiting.set(key, { widget, published });
        put(key);
        return;
      }
      const awareness = model.sharedModel?.awareness;
      awareness?.setLocalState(awareness.getLocalState());
      if (outputId) last.set(outputId, { widget, published });
      waiting.set(key, { widget, published, timer: setTimeout(takeTurn, ANNOUNCED, key) });
    }
    return {
      /** Writes at once, or when it is this page's turn; of what was published meanwhile only the last. */
      write,
      end() {
        for (const { timer } of waiting.values()) clearTimeout(timer);
        waiting.clear();
        single.end();
      }
    };
  }

  // src/lab/notebook.js
  var RANK = -20;
  var DRAWN = 1500;
  function serveNotebook(lumino2, notebook) {
    const { content, context, sessionContext } = notebook;
    const drawn = /* @__PURE__ */ new Set();
    const unseen = /* @__PURE__ */ new Map();
    let next;
    function create() {
      try {
        const output = createCardOutput(lumino2, notebook);
        drawn.add(output);
        return output;
      } catch (error) {
        console.warn(error);
        return content.rendermime.createRenderer(WIDGET_TYPE);
      }
    }
    content.rendermime.addFactory(
      { safe: false, mimeTypes: [OUTPUT_TYPE], createRenderer: create },
      RANK
    );
    function followUnseen() {
      for (const output of drawn) if (output.isDisposed) drawn.delete(output);
      const shown = new Set([...drawn].map((output) => output.modelId()));
      const wanted = new Map(
        [...outputsOf(content.model)].filter(({ trusted }) => trusted).map((each) => [each.id, each])
      );
      for (const [id, output] of unseen) {
        if (wanted.has(id) && !shown.has(id)) continue;
        unseen.delete(id);
        output.dispose();
      }
      for (const [id, { output }] of wanted) {
        if (shown.has(id) || unseen.has(id)) continue;
        const keeper = createCardOutput(lumino2, notebook);
        unseen.set(id, keeper);
        const { data } = output;
        keeper.renderModel({ data, metadata: {}, trusted: true }).catch(() => {
        });
      }
      clearTimeout(next);
      if (unseen.size > 0 && !notebook.isDisposed) next = setTimeout(followUnseen, DRAWN);
    }
    const writer = createOutputWriter(() => content.model, followUnseen);
    function publishedAgain(_sender, { header, content: { transient, data, metadata } }) {
      if (header.msg_type !== "update_display_data" || !transient?.[PUBLISHED_AGAIN]) return;
      writer.write(transient[PUBLISHED_AGAIN], { data, metadata });
    }
    sessionContext.iopubMessage.connect(publishedAgain);
    context.ready.then(() => {
      next = setTimeout(followUnseen, DRAWN);
    });
    notebook.disposed.connect(() => {
      clearTimeout(next);
      writer.end();
      for (const output of unseen.values()) output.dispose();
    });
  }

  // src/lab/extension.js
  var shared = {};
  async function lumino() {
    const versions = Object.values(shared["@lumino/widgets"] ?? {});
    const version = versions.find(({ loaded }) => loaded) ?? versions[0];
    if (!version) throw new Error("fiddler-widgets: this JupyterLab shares no @lumino/widgets");
    return (await version.get())();
  }
  var plugin = {
    id: "fiddler-widgets:outputs",
    description: "Shows Fiddler jobs whatever happens to the page, and keeps what is saved of them true.",
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
          }
        });
      } catch (error) {
        console.warn(error);
      }
    }
  };
  var containers = (
    /** @type {Record<string, object>} */
    /** @type {Record<string, any>} */
    globalThis._JUPYTERLAB ?? {}
  );
  globalThis._JUPYTERLAB = containers;
  containers["fiddler-widgets"] = {
    /** @param {Scope} scope */
    init(scope) {
      shared = scope;
    },
    get: async () => () => ({ __esModule: true, default: plugin })
  };
})();
