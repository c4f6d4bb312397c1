// The look of the element. It follows the host's colour scheme and font; every colour is a custom property. Its own names
// begin with an underscore: a page whose colours are called the same may hand them over, and keeps them for what it slots.

const CSS_TEXT = `
:host {
  --_accent: var(--text-meter-accent, light-dark(#3f4fe4, #8e99ff));
  --_ink: var(--text-meter-ink, light-dark(#0d1220, #f1f3f9));
  --_muted: var(--text-meter-muted, light-dark(#5b6479, #9aa2b5));
  --_edge: var(--text-meter-edge, light-dark(#d9dde7, #343b4d));
  --_surface: var(--text-meter-surface, light-dark(#fff, #161a24));
  --_danger: var(--text-meter-danger, light-dark(#b91f2e, #ff8f94));
  --_caution: var(--text-meter-caution, light-dark(#8a5300, #e8b464));
  --_mark: var(--text-meter-mark, light-dark(rgb(63 79 228 / 17%), rgb(142 153 255 / 30%)));
  display: block;
  position: relative;
  min-width: 0;
  color: var(--_ink);
  font-family: var(--text-meter-font, inherit);
  font-size: 0.8125rem;
  font-weight: 400;
  line-height: 1.25rem;
  letter-spacing: normal;
  text-align: start;
  text-transform: none;
}
:host([hidden]), [hidden] { display: none !important; }
*, *::before { box-sizing: border-box; }
p, ul { margin: 0; padding: 0; list-style: none; }
.base { position: relative; z-index: 1; container-type: inline-size; }
.quiet, ::slotted(.text-meter-description) {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.mirror {
  position: absolute; margin: 0; border: 0; overflow: hidden; color: transparent; pointer-events: none; user-select: none;
  forced-color-adjust: none;
}
.mirror mark { background: none; color: transparent; }
.mirror .costly { background: var(--_mark); box-shadow: 0 2px 0 var(--_accent); }
.mirror .swapped { border-block-end: 1px dotted var(--_muted); }
::highlight(text-meter-costly) { background-color: var(--_mark); text-decoration: underline 2px var(--_accent); }
::highlight(text-meter-swapped) { text-decoration: underline dotted 1px var(--_muted); }

.line {
  display: flex; align-items: center; gap: 0.625rem; height: 2rem; padding-inline: 0.25rem; overflow: hidden;
  white-space: nowrap; font-variant-numeric: tabular-nums;
}
.line > * { flex: none; }
.cost { font-size: 0.9375rem; font-weight: 600; letter-spacing: -0.01em; }
.why { flex: 0 1 auto; min-width: 3.5rem; overflow: hidden; text-overflow: ellipsis; color: var(--_muted); }
.meter { display: flex; flex: 1 1 3rem; gap: 2px; min-width: 1.75rem; max-width: 11rem; margin-inline-start: auto; }
.cell { flex: 1; min-width: 0; height: 4px; border-radius: 2px; background: var(--_edge); overflow: hidden; }
.fill { display: block; width: calc(100% * var(--fill, 0)); height: 100%; border-radius: inherit; background: var(--_accent); }
.room, .balance { color: var(--_muted); }
.balance { direction: ltr; unicode-bidi: isolate; }
.balance b { color: var(--_ink); font-weight: 500; }
.icon { width: 1rem; height: 1rem; fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.stop { display: grid; color: var(--_danger); margin-inline-end: -0.25rem; }
.near .room, .low .balance, .low .balance b, .unpriced .why { color: var(--_caution); font-weight: 500; }
.over .cost, .over .balance, .over .balance b, .blocked .why { color: var(--_danger); }
.over .fill { background: var(--_danger); }
.over .balance, .blocked .why { font-weight: 500; }
.bare .why { flex: 1 1 auto; }
.why a { color: inherit; }

button {
  height: 1.5rem; padding: 0 0.5rem; border: 1px solid var(--_edge); border-radius: 7px; background: var(--_surface); color: var(--_ink);
  font: inherit; font-size: 0.75rem; font-weight: 500; white-space: nowrap; cursor: pointer;
}
button:hover { border-color: var(--_muted); }
button:focus-visible, a:focus-visible { outline: 2px solid var(--_accent); outline-offset: 1px; }
button[aria-disabled="true"] { opacity: 0.55; cursor: default; }
button.main { border-color: transparent; background: var(--_accent); color: var(--text-meter-on-accent, light-dark(#fff, #0b0d13)); }
button.plain { border-color: transparent; background: none; color: var(--_muted); }
button.plain:hover { color: var(--_ink); }
.toggle { display: inline-flex; align-items: center; gap: 0.25rem; }
.toggle .icon { width: 0.75rem; height: 0.75rem; transition: rotate 120ms; }
.toggle[aria-expanded="true"] .icon { rotate: 180deg; }

.panel {
  position: absolute; inset-inline: 0; padding: 0.625rem 0.75rem; border: 1px solid var(--_edge); border-radius: 10px;
  background: var(--_surface); box-shadow: 0 10px 30px -12px rgb(10 14 34 / 35%); max-height: min(22rem, 60vh); overflow-y: auto; overscroll-behavior: contain;
}
.over .panel, .blocked .panel { border-color: color-mix(in srgb, var(--_danger) 45%, var(--_edge)); }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.625rem; min-height: 1.5rem; }
.row > .words { flex: 1 1 9rem; min-width: 0; }
.row + .row, .row + ul, ul + .row { margin-block-start: 0.375rem; }
.row > .icon { align-self: flex-start; margin-block-start: 0.25rem; color: var(--_accent); }
.alarm { color: var(--_danger); }
.alarm > .icon { color: inherit; }
.alarm .words > span { color: var(--_ink); }
.words b { font-weight: 600; }
.ways { display: flex; flex-wrap: wrap; gap: 0.375rem; align-items: center; }
.ways[aria-busy="true"] { opacity: 0.55; }
.way { display: inline-flex; align-items: baseline; gap: 0.375rem; margin-inline-end: 0.375rem; color: var(--_muted); font-variant-numeric: tabular-nums; }
.rows:not([hidden]) + .list { margin-block-start: 0.5rem; padding-block-start: 0.25rem; border-block-start: 1px solid var(--_edge); }
.finding { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: 0 0.625rem; padding-block: 0.25rem; }
.finding + .finding { border-block-start: 1px solid color-mix(in srgb, var(--_edge) 55%, transparent); }
.glyphs { display: inline-flex; align-items: center; gap: 0.25rem; min-width: 4.25rem; color: var(--_muted); }
.glyphs .icon { width: 0.75rem; height: 0.75rem; }
.glyph {
  min-width: 1.5rem; padding-inline: 0.3125rem; border-radius: 5px; background: color-mix(in srgb, var(--_edge) 45%, transparent); color: var(--_ink);
  text-align: center; unicode-bidi: isolate;
}
.glyph.unseen { font-size: 0.6875rem; color: var(--_muted); }
.about { overflow: hidden; text-overflow: ellipsis; }
.about::first-letter { text-transform: uppercase; }
.about small { display: block; color: var(--_muted); font-size: 0.75rem; line-height: 1rem; font-variant-numeric: tabular-nums; }
.about .saves { color: var(--_accent); font-weight: 500; }
.buttons { display: inline-flex; gap: 0.125rem; }

@container (max-width: 46rem) { .balance .more, .why[data-because] .place { display: none; } }
@container (max-width: 32rem) { .balance .before, .why .place, .why .because { display: none; } }
@container (max-width: 26rem) {
  .line { gap: 0.5rem; }
  .why { flex: 0 1 auto; min-width: 4.75rem; }
  .bare .why, .blocked .why { flex: 0 1 auto; min-width: 0; }
  .meter { min-width: 1.25rem; }
  .balance, .room .rest, .over .room, .low .room { display: none; }
  .over .balance, .low .balance { display: inline; }
}
@container (max-width: 20rem) { .over .why, .low .why, .line:has(.toggle:not([hidden])) .room { display: none; } }
@container (max-width: 17rem) { .meter { display: none; } .toggle { margin-inline-start: auto; } }
@container (max-width: 24rem) {
  .finding { grid-template-columns: auto minmax(0, 1fr); }
  .glyphs { min-width: 0; }
  .buttons { grid-column: 2; }
}
@media (forced-colors: active) {
  .fill { background: CanvasText; }
  .cell { border: 1px solid CanvasText; height: 6px; }
  ::highlight(text-meter-costly) { background-color: Mark; text-decoration: underline 2px CanvasText; }
}
@media (prefers-reduced-motion: reduce) { .toggle .icon { transition: none; } }
@media print { .panel, .toggle { display: none; } }
`;

const sheets = new WeakMap();

/**
 * The one sheet all elements of a document share; a constructed one, so that a strict Content-Security-Policy has nothing
 * against it. None in a document that nobody looks at.
 */
export function styleSheet(document) {
  const { defaultView } = document;
  if (defaultView && !sheets.has(document)) {
    const sheet = new defaultView.CSSStyleSheet();
    sheet.replaceSync(CSS_TEXT);
    sheets.set(document, sheet);
  }
  return sheets.get(document);
}
