/** The shape of a plain text: paragraphs of lines, and lists. */

export interface Block {
  kind: 'paragraph' | 'list';
  lines: string[];
}

const ITEM = /^\s*[-•*]\s+/;

/** Return paragraphs and lists in order; a list is a run of lines that begin with a dash. */
export function blocks(text: string): Block[] {
  const found: Block[] = [];
  for (const paragraph of text.split(/\n\s*\n/)) {
    let block: Block | undefined;
    for (const line of paragraph.split('\n').filter((each) => each.trim())) {
      const kind = ITEM.test(line) ? 'list' : 'paragraph';
      if (block?.kind !== kind) found.push((block = { kind, lines: [] }));
      block.lines.push(line.replace(ITEM, ''));
    }
  }
  return found;
}
