/** Marks in the title of a page that nobody sees: they stay, whatever its host makes of the title, until it is seen. */

/** One for each way in which a job ends; each ends with a space. */
const MARKS = { ok: "✓ ", bad: "✗ ", idle: "■ " };

const AT_THE_START = /^(?:[✓✗■] )*/u;

/** All marks, whoever put them there: card and board are two bundles, and each has its own copy of this module. */
const marks = () => AT_THE_START.exec(document.title)?.[0] ?? "";

/** @param {string} mark */
function put(mark) {
  if (!marks().includes(mark)) document.title = mark + document.title;
}

/** Marks that this module keeps in the title. @type {Set<string>} */
const kept = new Set();

const renewed = new MutationObserver(() => kept.forEach(put));

function seen() {
  if (document.hidden) return;
  document.removeEventListener("visibilitychange", seen);
  renewed.disconnect();
  kept.clear();
  document.title = document.title.slice(marks().length);
}

/**
 * Mark the title until the page is seen.
 * @param {string} tone of the end, as in `MARKS`; another tone has no mark
 */
export function markTitle(tone) {
  const mark = MARKS[/** @type {keyof typeof MARKS} */ (tone)];
  if (mark === undefined) return;
  kept.add(mark);
  put(mark);
  // JupyterLab renews its title whenever it stores its layout, up to some tenths of a second after a notebook changed.
  renewed.observe(document.head, { childList: true, subtree: true, characterData: true });
  document.addEventListener("visibilitychange", seen);
}
