/** Taking the conversation along: on the clipboard, as a file, on paper. */

import { h } from './dom';
import type { Line } from './transcript';

/** Put a text on the clipboard; rejects where the browser does not allow it. */
export async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

/** Offer a text as a download. */
export function save(text: string, fileName: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  h('a', { href: url, download: fileName }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

const PAPER = `
  body { font: 12pt/1.5 sans-serif }
  h2 { font-size: 1em; margin: 1em 0 0; break-after: avoid }
  p { margin: 0; white-space: pre-line; overflow-wrap: anywhere }
`;

/** Print the conversation and nothing of the page, through a frame that is gone afterwards. */
export function print(lines: Line[], title: string, lang: string, parent: Node): void {
  const frame = h('iframe', { class: 'paper', 'aria-hidden': 'true', tabindex: '-1', title });
  parent.appendChild(frame);
  const view = frame.contentWindow as (Window & typeof globalThis) | null;
  if (!view) return;
  // A style sheet made by script is what a strict Content-Security-Policy allows.
  const style = new view.CSSStyleSheet();
  style.replaceSync(PAPER);
  view.document.adoptedStyleSheets = [style];
  view.document.documentElement.lang = lang;
  view.document.title = title;
  view.document.body.append(
    h('h1', {}, title),
    ...lines.flatMap(({ who, text }) => [h('h2', {}, who), h('p', {}, text)]),
  );
  view.addEventListener('afterprint', () => frame.remove());
  view.print();
}
