/**
 * The small part of JupyterLab's interfaces that the extension uses, as of JupyterLab 4.2; the same in Notebook 7. Types alone:
 * nothing of JupyterLab is bundled.
 */

/** @typedef {Record<string, unknown>} Bundle formats by MIME type */

/**
 * @template Sender, Value
 * @typedef {object} Signal
 * @property {(slot: (sender: Sender, value: Value) => void) => void} connect
 * @property {(slot: (sender: Sender, value: Value) => void) => void} disconnect
 */

/**
 * @typedef {object} Message
 * @property {string} channel
 * @property {{msg_type: string, [field: string]: unknown}} header
 * @property {object} parent_header
 * @property {object} metadata
 * @property {any} content
 * @property {(ArrayBuffer | ArrayBufferView)[]} buffers
 */

/**
 * @typedef {object} Kernel
 * @property {string} id
 * @property {string} clientId
 * @property {string} username
 * @property {string} status
 * @property {string} connectionStatus
 * @property {boolean} isDisposed
 * @property {Signal<Kernel, Message>} iopubMessage
 * @property {(message: Message, expectReply?: boolean, disposeOnDone?: boolean) => {onReply: (reply: Message) => void}} sendControlMessage
 * @property {(message: Message, expectReply?: boolean, disposeOnDone?: boolean) => unknown} sendShellMessage
 */

/**
 * @typedef {object} SessionContext
 * @property {boolean} isReady
 * @property {{kernel: Kernel | null} | null} session
 * @property {Signal<SessionContext, unknown>} kernelChanged
 * @property {Signal<SessionContext, unknown>} statusChanged
 * @property {Signal<SessionContext, unknown>} connectionStatusChanged
 * @property {Signal<SessionContext, Message>} iopubMessage
 */

/**
 * What JupyterLab asks a renderer to show.
 * @typedef {object} MimeModel
 * @property {boolean} trusted
 * @property {Bundle} data
 * @property {Record<string, unknown>} metadata
 */

/**
 * @typedef {object} Widget
 * @property {HTMLElement} node
 * @property {boolean} isDisposed
 * @property {boolean} isHidden
 * @property {() => void} show
 * @property {() => void} hide
 * @property {(hidden: boolean) => void} setHidden
 * @property {() => void} dispose
 * @property {(name: string) => void} addClass
 */

/** @typedef {Widget & {widgets: readonly Widget[], addWidget: (child: Widget) => void, insertWidget: (index: number, child: Widget) => void}} Panel */
/** @typedef {Widget & {renderModel: (model: MimeModel) => Promise<void>}} Renderer */
/** @typedef {{safe: boolean, mimeTypes: string[], createRenderer: (options: unknown) => Renderer}} RendererFactory */

/**
 * @typedef {object} RenderMime
 * @property {(type: string) => Renderer} createRenderer
 * @property {(type: string) => object | undefined} getFactory
 * @property {(factory: RendererFactory, rank: number) => void} addFactory
 */

/** @typedef {{data: Bundle, metadata: Bundle, toJSON: () => Record<string, unknown>}} OutputModel */

/**
 * @typedef {object} Outputs
 * @property {number} length
 * @property {(index: number) => OutputModel} get
 * @property {(index: number, output: unknown) => void} set
 * @property {Signal<Outputs, unknown>} changed
 */

/**
 * @typedef {object} CellModel
 * @property {string} type
 * @property {boolean} trusted
 * @property {Outputs} [outputs]
 * @property {{updateOutputs?: (start: number, end: number, outputs: unknown[]) => void}} sharedModel
 */

/**
 * Who has a shared notebook open.
 * @typedef {object} Awareness
 * @property {number} clientID
 * @property {() => Map<number, unknown>} getStates
 * @property {() => Record<string, unknown> | null} getLocalState
 * @property {(state: Record<string, unknown> | null) => void} setLocalState tells all others, whether or not it has changed
 */

/**
 * @typedef {object} NotebookModel
 * @property {Iterable<CellModel>} cells
 * @property {boolean} [collaborative] whether other readers may have it open, and see each change at once
 * @property {{awareness?: Awareness}} [sharedModel]
 */

/**
 * @typedef {object} NotebookPanel
 * @property {{rendermime: RenderMime, model: NotebookModel | null}} content
 * @property {SessionContext} sessionContext
 * @property {{ready: Promise<void>}} context
 * @property {boolean} isDisposed
 * @property {Signal<NotebookPanel, unknown>} disposed
 */

/** @typedef {{docRegistry?: {addWidgetExtension: (factory: string, extension: {createNew: (panel: NotebookPanel) => void}) => unknown}}} App */
/** @typedef {Record<string, Record<string, {get: () => Promise<() => any>, loaded?: unknown}>>} Scope the modules that JupyterLab shares */

export {};
