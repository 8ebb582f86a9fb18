/** Whether the reader holds the rows where they are: with the pointer or the focus in them, or in the foot below them. */

/**
 * The foot has the button that puts the rows in order, which would go away under the pointer that has come for it.
 * @param {object} options
 * @param {HTMLElement} options.element the rows with their headings
 * @param {HTMLElement} options.scroller the rows alone
 * @param {HTMLElement} options.foot
 * @param {() => boolean} options.painting whether the rows are being painted
 * @param {() => void} options.released called when the reader holds them no more
 * @param {AbortSignal} options.signal
 */
export function createHold({ element, scroller, foot, painting, released, signal }) {
  const pointable = [scroller, foot];
  const focusable = [element, foot];
  const hold = {
    pointed: false,
    focused: false,
    held: () => hold.pointed || hold.focused,
    /** Notices that the pointer is elsewhere after all. */
    check: () => hold.pointed && point(pointable.some((part) => part.matches(":hover"))),
  };
  const left = () => hold.held() || released();
  /** @param {boolean} within */
  const point = (within) => {
    hold.pointed = within;
    left();
  };
  /**
   * @param {HTMLElement[]} parts
   * @param {any} to an element, or nothing
   */
  const within = (parts, to) => parts.some((part) => part.contains(to));

  /**
   * @template {keyof HTMLElementEventMap} Type
   * @param {HTMLElement[]} parts
   * @param {Type} type
   * @param {(event: HTMLElementEventMap[Type]) => void} take
   */
  const on = (parts, type, take) => {
    for (const part of parts) part.addEventListener(type, take, { signal });
  };

  on(pointable, "pointerenter", ({ pointerType }) => {
    // A finger is not seen to leave.
    hold.pointed = pointerType !== "touch";
  });
  on(pointable, "pointerleave", ({ relatedTarget }) => point(within(pointable, relatedTarget)));
  on([element], "focusin", () => {
    hold.focused = true;
  });
  on(focusable, "focusout", ({ relatedTarget }) => {
    // A row that goes away takes its focus along, but only for a moment.
    if (painting()) return;
    hold.focused = within(focusable, relatedTarget);
    left();
  });
  return hold;
}
