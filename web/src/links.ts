/** Addresses in text, and which of them may become links. */

export interface Piece {
  text: string;
  url?: string;
}

const SAFE = new Set(['http:', 'https:', 'mailto:', 'tel:']);
// An address ends before the punctuation of its sentence.
const ADDRESS = /(?:https?:\/\/|mailto:|tel:)[^\s<>"']*[^\s<>"'.,;:!?)\]]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;

/** Return the address if it leads to a page, mailbox or phone, else undefined. */
export function safeUrl(address: string | null | undefined): string | undefined {
  if (!address || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return SAFE.has(url.protocol) ? url.href : undefined;
}

/** Words in a text that stand for a link, and what is shown in their place. */
export interface Named {
  words: string;
  title: string;
  url: string | null;
}

/** Cut text into pieces, with an address where one is a link: a written address, or words that stand for one. */
export function pieces(text: string, named: Named[] = []): Piece[] {
  const cuts = [...namedCuts(text, named), ...addressCuts(text)].sort((a, b) => a.start - b.start || b.end - a.end);
  const found: Piece[] = [];
  let end = 0;
  for (const cut of cuts) {
    if (cut.start < end) continue;
    if (cut.start > end) found.push({ text: text.slice(end, cut.start) });
    found.push({ text: cut.text, url: cut.url });
    end = cut.end;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

interface Cut {
  start: number;
  end: number;
  text: string;
  url: string;
}

function namedCuts(text: string, named: Named[]): Cut[] {
  return named.flatMap(({ words, title, url: address }) => {
    const url = safeUrl(address);
    const start = url && words ? text.indexOf(words) : -1;
    return url && start >= 0 ? [{ start, end: start + words.length, text: title, url }] : [];
  });
}

function addressCuts(text: string): Cut[] {
  return [...text.matchAll(ADDRESS)].flatMap((match) => {
    const [written] = match;
    const url = safeUrl(/^(?:https?|mailto|tel):/i.test(written) ? written : `mailto:${written}`);
    return url ? [{ start: match.index, end: match.index + written.length, text: written, url }] : [];
  });
}
