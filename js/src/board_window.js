/** Which of a long list's items are in sight, where each has the same height but a few. Pure arithmetic. */

/**
 * @typedef {object} Heights
 * @property {number} usual of an item, in pixels
 * @property {[number, number][]} others place and height of those that have another, in the order of their places
 */

/**
 * Where an item begins.
 * @param {Heights} heights
 * @param {number} index
 */
export function offsetOf({ usual, others }, index) {
  let offset = index * usual;
  for (const [place, height] of others) {
    if (place >= index) break;
    offset += height - usual;
  }
  return offset;
}

/**
 * The item at an offset; the last one before it where there is none.
 * @param {Heights} heights
 * @param {number} offset
 * @param {number} count of all items
 */
export function indexAt({ usual, others }, offset, count) {
  let more = 0;
  for (const [place, height] of others) {
    const begin = place * usual + more;
    if (offset < begin) break;
    if (offset < begin + height) return place;
    more += height - usual;
  }
  return Math.max(0, Math.min(count - 1, Math.floor((offset - more) / usual)));
}

/**
 * The items in sight, and some around them that are ready when the reader scrolls.
 * @param {Heights} heights
 * @param {number} count of all items
 * @param {{top: number, height: number, around: number}} sight in pixels, and how many items around it
 * @returns {[number, number]} the first, and the one after the last
 */
export function rangeOf(heights, count, { top, height, around }) {
  if (!count) return [0, 0];
  const first = indexAt(heights, Math.max(0, top), count);
  const last = indexAt(heights, Math.max(0, top + height - 1), count);
  return [Math.max(0, first - around), Math.min(count, last + 1 + around)];
}

/**
 * Where to scroll so that an item is in sight, moving as little as possible.
 * @param {number} top now
 * @param {number} height of what is in sight
 * @param {number} begin of the item
 * @param {number} end of it
 */
export function scrolledTo(top, height, begin, end) {
  if (begin < top || end - begin > height) return begin;
  return end > top + height ? end - height : top;
}
