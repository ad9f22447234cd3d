/** What a page may set: attributes of the element, or `data-` attributes of the script. */

import { type Language, language } from './texts';

export interface Options {
  /** Origin of the gateway, without a slash at the end. */
  server: string;
  title: string | null;
  position: 'left' | 'right';
  theme: 'light' | 'dark' | null;
  topic: string | null;
  /** The page's own start questions; empty means those of the server. */
  questions: string[];
  lang: Language;
}

export const NAMES = ['server', 'title', 'position', 'theme', 'topic', 'questions', 'lang'] as const;
export type Name = (typeof NAMES)[number];

/** Read the options through `get`, which returns null where the page says nothing. */
export function readOptions(get: (name: Name) => string | null, scriptOrigin: string): Options {
  const theme = get('theme');
  return {
    server: (get('server') ?? scriptOrigin).replace(/\/+$/, ''),
    title: get('title'),
    position: get('position') === 'left' ? 'left' : 'right',
    theme: theme === 'light' || theme === 'dark' ? theme : null,
    topic: get('topic') || null,
    questions: (get('questions') ?? '').split('|').map((each) => each.trim()).filter(Boolean),
    lang: language(get('lang')),
  };
}
