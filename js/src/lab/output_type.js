/** The words that kernel and extension share; the kernel's side is `fiddler_widgets/widget/output_type.py`. */

/** The format that stands beside the widget's in an output while it is live: `{model_id}`. */
export const OUTPUT_TYPE = "application/x.fiddler-widgets+json";

/** What the kernel calls the comms by which a page reaches a widget that it has no model of. */
export const COMM_TARGET = "fiddler_widgets";

/** In a display's `transient`: the id of the widget whose output is published again. */
export const PUBLISHED_AGAIN = "fiddler_widgets";

/** In an output's metadata: `{output_id}`, the same however often what it shows is replaced. */
export const OUTPUT_MARK = "fiddler_widgets";

export const WIDGET_TYPE = "application/vnd.jupyter.widget-view+json";

/**
 * The id of the widget of ours that an output shows live; empty if it shows none.
 * @param {Record<string, unknown>} data
 */
export function modelIdOf(data) {
  const ours = data[OUTPUT_TYPE];
  if (typeof ours !== "object" || ours === null || !("model_id" in ours)) return "";
  return typeof ours.model_id === "string" ? ours.model_id : "";
}

/**
 * By what an output of ours is known again, whatever it shows by now; empty for others', and for an older kernel's.
 * @param {Record<string, unknown> | undefined} metadata
 */
export function outputIdOf(metadata) {
  const ours = metadata?.[OUTPUT_MARK];
  if (typeof ours !== "object" || ours === null || !("output_id" in ours)) return "";
  return typeof ours.output_id === "string" ? ours.output_id : "";
}
