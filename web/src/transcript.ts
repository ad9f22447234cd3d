/** The conversation as plain text, to copy, save or print. */

import type { Exchange } from './contract';
import type { Texts } from './texts';

export interface Line {
  who: string;
  text: string;
}

/** Return who said what, the sources of an answer with it. */
export function transcriptLines(exchanges: Iterable<Exchange>, texts: Texts): Line[] {
  return [...exchanges].flatMap((exchange) => {
    const answers = exchange.messages.map((message) => message.text ?? '');
    const reply = [...answers, exchange.source_line ?? ''].filter(Boolean).join('\n\n');
    return [
      { who: texts.you, text: exchange.text },
      { who: texts.assistant, text: reply },
    ];
  });
}

/** Return the conversation under a title, with the moment that it was taken. */
export function transcript(exchanges: Iterable<Exchange>, texts: Texts, title: string, moment: string): string {
  const said = transcriptLines(exchanges, texts).map(({ who, text }) => `${who}:\n${text}`);
  return [`${title}, ${moment}`, ...said].join('\n\n') + '\n';
}
